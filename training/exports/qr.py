"""QR codes as SVG that a page can hold without any style of its own."""

import segno


def qr_svg(address: str) -> str:
    """Return an address as the markup of an SVG image, named for those who cannot see it."""
    return segno.make_qr(address, error="m").svg_inline(
        border=2, omitsize=True, title="QR code of the link", light="#fff", dark="#000", svgclass="app-slip__qr"
    )
