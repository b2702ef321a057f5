"""The learner's own record: results, receipts and certificates."""

import uuid

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from training.domain import language
from training.domain.language import _
from training.exports.certificate import Certificate, encode_certificate
from training.services import certificates, records
from training.services.certificates import CertificateRevoked
from training.web import current, errors, reading

pages = Blueprint("record", __name__)


@pages.get("/record")
def record() -> ResponseReturnValue:
    shown = records.record(
        current.database(), viewer=current.viewer(), catalog=current.catalog(), today=current.today()
    )
    return render_template("learn/record.html", record=shown)


@pages.get("/record/<uuid:attempt_id>")
def result(attempt_id: uuid.UUID) -> ResponseReturnValue:
    """Show how an attempt went, with its receipt; the same page whenever it is opened."""
    shown = records.result(current.database(), viewer=current.viewer(), attempt_id=attempt_id)
    return render_template("learn/result.html", result=reading.result(shown))


@pages.get("/record/<uuid:attempt_id>/certificate.pdf")
def certificate(attempt_id: uuid.UUID) -> ResponseReturnValue:
    """Give the certificate of a pass, which is in English for whoever asks to see it."""
    try:
        shown = certificates.certificate(current.database(), viewer=current.viewer(), attempt_id=attempt_id)
    except CertificateRevoked as refusal:
        return errors.page(410, heading=_("There is no certificate any more"), words=str(refusal))
    address = current.config().base_url.rstrip("/") + url_for("public.check_code", code=shown.earned.code)
    with language.spoken(language.ENGLISH):
        printed = encode_certificate(Certificate(**shown.printed(check_url=address)))
    return Response(
        printed,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="certificate-{shown.earned.code}.pdf"'},
    )
