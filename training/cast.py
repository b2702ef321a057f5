"""Who is in the demonstration: names, jobs, sites and how each of them keeps up."""

from collections.abc import Mapping
from dataclasses import dataclass

from training.domain.roles import Role

SITES = ("Alder House", "Brook Lane", "Community Team")
TITLES = {
    "Support worker": Role.SOCIAL_CARE,
    "Senior support worker": Role.SOCIAL_CARE,
    "Registered manager": Role.SOCIAL_CARE,
    "Learning disability nurse": Role.NON_PRESCRIBER,
    "Pharmacist": Role.NON_PRESCRIBER,
    "Speech and language therapist": Role.NON_PRESCRIBER,
    "Consultant psychiatrist": Role.PRESCRIBER,
    "General practitioner": Role.PRESCRIBER,
    "Shared Lives carer": Role.FAMILY_CARER,
}
# What the organisation's own files for ASC-WDS call two of the sites, and somebody otherwise than by number. The third
# site and somebody from an agency have nothing that could be sent, so that there is something to mend.
WORKPLACES: Mapping[str, str] = {"Alder House": "WB-ALDER", "Brook Lane": "WB-BROOK"}
WORKERS: Mapping[str, str] = {"Tom Ellison": "ALDER-07"}
WITHOUT_NUMBER = "Yusuf Demir"
# How people's histories go, so that every status has somebody to show: days after starting at which each pass comes.
HABITS: Mapping[str, tuple[int, ...]] = {
    "keen": (3, 320),
    "steady": (20, 340),
    "once": (15,),
    "late": (75,),
    "lapsed": (25,),
    "never": (),
}


@dataclass(frozen=True, slots=True)
class Character:
    """Somebody in the demonstration: name, job, site, days on file before today, habit, and a sign-in if any."""

    name: str
    title: str
    site: str
    days: int
    habit: str
    sign_in: str = ""


# She comes from the commissioner to look: she has no job here, and so is in no figure.
AUDITOR = "Farah Iqbal"
CHARACTERS = (
    Character("Marta Kowalska", "Support worker", "Alder House", 338, "steady", "worker"),
    Character("Dr Samuel Adeyemi", "Consultant psychiatrist", "Community Team", 500, "once", "prescriber"),
    Character("Niamh O’Connor", "Learning disability nurse", "Community Team", 500, "steady", "nurse"),
    Character("Jean Whitfield", "Shared Lives carer", "Community Team", 300, "never", "carer"),
    Character("Priya Raman", "Registered manager", "Brook Lane", 540, "keen", "site-manager"),
    Character("Tom Ellison", "Support worker", "Alder House", 530, "steady"),
    Character("Aisha Begum", "Support worker", "Alder House", 520, "keen"),
    Character("Kwame Boateng", "Senior support worker", "Alder House", 515, "lapsed"),
    Character("Zoë Llewellyn", "Support worker", "Alder House", 210, "late"),
    Character("Li Wei 李伟", "Support worker", "Alder House", 305, "once"),
    Character("Grace Mbeki", "Support worker", "Alder House", 18, "never"),
    Character("Daniel Popescu", "Support worker", "Alder House", 95, "never"),
    Character("Hannah Price", "Senior support worker", "Alder House", 480, "steady"),
    Character("Yusuf Demir", "Support worker", "Alder House", 333, "once"),
    Character("Olena Shevchenko", "Support worker", "Alder House", 12, "once"),
    Character("Ryan McAllister", "Support worker", "Brook Lane", 535, "lapsed"),
    Character("Fatima Zahra El Idrissi", "Support worker", "Brook Lane", 440, "steady"),
    Character("Callum Doyle", "Support worker", "Brook Lane", 260, "once"),
    Character("Beatriz Santos", "Support worker", "Brook Lane", 230, "late"),
    Character("Ngozi Okafor", "Senior support worker", "Brook Lane", 525, "keen"),
    Character("Jamie Archer", "Support worker", "Brook Lane", 150, "never"),
    Character("Sunita Devi", "Support worker", "Brook Lane", 25, "never"),
    Character("Piotr Zieliński", "Support worker", "Brook Lane", 365, "once"),
    Character("Eilidh Fraser", "Support worker", "Brook Lane", 312, "once"),
    Character("Abdi Hassan", "Support worker", "Brook Lane", 510, "steady"),
    Character("Megan Roberts", "Support worker", "Brook Lane", 180, "once"),
    Character("Ivana Horvat", "Support worker", "Brook Lane", 90, "late"),
    Character("Owen Baptiste", "Support worker", "Brook Lane", 420, "lapsed"),
    Character("Rosa Delgado", "Pharmacist", "Community Team", 470, "steady"),
    Character("Chidi Eze", "Pharmacist", "Community Team", 40, "never"),
    Character("Harriet Stone", "Speech and language therapist", "Community Team", 350, "once"),
    Character("Imran Qureshi", "Learning disability nurse", "Community Team", 505, "keen"),
    Character("Lucy Chambers", "Learning disability nurse", "Community Team", 120, "late"),
    Character("Dr Eleanor Shaw", "General practitioner", "Community Team", 490, "lapsed"),
    Character("Dr Vikram Nair", "General practitioner", "Community Team", 320, "once"),
    Character("Dr Ana Marković", "Consultant psychiatrist", "Community Team", 20, "never"),
    Character("Stephen Hughes", "Shared Lives carer", "Community Team", 250, "once"),
    Character("Margaret Bell", "Shared Lives carer", "Community Team", 450, "never"),
    Character("Tariq Mahmood", "Support worker", "Alder House", 500, "once"),
    Character("Bronwen Hughes", "Support worker", "Brook Lane", 380, "once"),
)
