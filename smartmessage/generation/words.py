"""What made-up people are called and what is written: plain ASCII, so that the words of a text are easily told apart.

Some words are in most conversations and some in a few only, as in real ones: a search must do well on both.
"""

import random


def listed(text: str) -> list[str]:
    """What stands in a text, between semicolons."""
    return [" ".join(each.split()) for each in text.split(";")]


FIRST_NAMES = listed(
    """
    Ada; Aisha; Alan; Alice; Amara; Amir; Ana; Andre; Anna; Arjun; Astrid; Aya; Ben; Bianca; Boris; Camila; Carl;
    Carmen; Chen; Chloe; Clara; Dana; Daniel; David; Diego; Dina; Elena; Eli; Elise; Emma; Eric; Esra; Eva; Fatima;
    Felix; Fiona; Frank; Gabriel; Greta; Hana; Hassan; Helen; Henry; Ida; Ines; Ingrid; Isaac; Ivan; Jack; Jana;
    Jasmin; Joao; Jonas; Julia; Kai; Karim; Kate; Kenji; Lara; Laura; Layla; Lea; Leo; Liam; Lina; Lucas; Luna;
    Magda; Malik; Mara; Marcus; Maria; Marta; Maya; Mei; Mila; Mina; Mohamed; Nadia; Naomi; Nina; Noah; Nora; Olga;
    Oliver; Olivia; Omar; Oscar; Pablo; Paul; Petra; Priya; Rahul; Ravi; Rosa; Ruth; Sam; Sara; Sofia; Stefan; Tara;
    Theo; Thomas; Tina; Tomas; Uma; Vera; Victor; Wei; Yara; Yusuf; Zara; Zoe
    """
)
LAST_NAMES = listed(
    """
    Abbott; Adeyemi; Ahmed; Ali; Almeida; Andersen; Baker; Banerjee; Bauer; Becker; Bell; Berg; Bianchi; Bishop;
    Blum; Brandt; Braun; Brown; Burke; Campos; Carter; Castro; Chan; Chen; Clarke; Cohen; Cole; Conti; Costa; Cruz;
    Dahl; Das; Davies; Dekker; Diaz; Dietrich; Doyle; Dubois; Eriksen; Evans; Farah; Ferrari; Fischer; Flores;
    Foster; Fuchs; Garcia; Gomez; Gray; Green; Gruber; Gupta; Haas; Hall; Hansen; Harris; Hart; Hassan; Heller;
    Hill; Hoffmann; Holm; Huber; Hughes; Ibrahim; Ito; Jansen; Jensen; Johnson; Jones; Kaiser; Kaya; Keller; Khan;
    Kim; King; Klein; Koch; Kowalski; Kumar; Lang; Larsen; Laurent; Lee; Lehmann; Lewis; Lind; Lopez; Ludwig; Maier;
    Marino; Martin; Martins; Mehta; Mendes; Meyer; Miller; Moore; Morales; Moretti; Muller; Murphy; Nagy; Nair;
    Nakamura; Nielsen; Novak; Nowak; Okafor; Olsen; Osei; Park; Patel; Pereira; Petrov; Popov; Quinn; Ramos; Reyes;
    Ricci; Roberts; Romano; Rossi; Roth; Russo; Sato; Schmidt; Schneider; Scott; Sharma; Silva; Singh; Smith; Sousa;
    Stein; Suzuki; Tanaka; Taylor; Torres; Tran; Turner; Vogel; Wagner; Walker; Wang; Weber; Weiss; White; Wolf;
    Wong; Wood; Wright; Yamada; Yilmaz; Young; Zhang; Zimmer
    """
)
TRADES = listed(
    """
    Account Manager; Backend Developer; Barista; Bookseller; Bus Driver; Care Assistant; Carpenter; Chef; Civil
    Engineer; Cleaner; Controls Technician; Customer Adviser; Data Analyst; Dentist; Electrician; Event Planner;
    Field Engineer; Finance Analyst; Fitter; Forklift Driver; Gardener; Graphic Designer; Hotel Receptionist; Lab
    Technician; Librarian; Logistics Planner; Machinist; Maintenance Engineer; Midwife; Night Porter; Nurse; Office
    Manager; Optician; Painter; Paralegal; Payroll Clerk; Pharmacist; Physiotherapist; Picker; Plumber; Product
    Designer; Project Manager; Roofer; Sales Associate; Security Guard; Shift Supervisor; Site Manager; Social
    Worker; Store Manager; Teacher; Translator; Truck Driver; Veterinarian; Waiter; Warehouse Associate; Welder
    """
)
PLACES = listed(
    """
    Amsterdam; Austin; Berlin; Boston; Bristol; Chicago; Cologne; Denver; Dresden; Dublin; Glasgow; Hamburg; Leeds;
    Leipzig; Liverpool; Lyon; Manchester; Munich; Oslo; Ottawa; Phoenix; Portland; Seattle; Stuttgart; Toronto;
    Vienna; Zurich
    """
)
ASKED = listed(
    """
    Are you free on {day} at {hour}?; Can you start on {day}?; Could you send me your {paper}?; Do you have a
    {paper}?; Have you worked as a {trade} before?; How far are you from {place}?; Is {hour} on {day} better for
    you?; Shall we talk on {day}?; Thanks for applying to the {place} team.; The shift begins at {hour} in {place}.;
    We would like to meet you in {place}.; What is your notice period?; Would {day} at {hour} suit you?; Your
    interview is on {day} at {hour}.; Please bring your {paper} on {day}.
    """
)
ANSWERED = listed(
    """
    Can we move it to {day}?; I am still very interested in the role.; I can do {day} at {hour}.; I have five years
    of experience as a {trade}.; I live near {place}.; I sent my {paper} yesterday.; Is it possible to work from
    home on {day}?; My notice period is four weeks.; No problem at all.; Perfect and see you on {day}.; Sorry for
    the late reply.; Sounds good to me.; Thank you for the quick answer.; What is the salary range?; Where in
    {place} is the office?; Yes {day} works for me.
    """
)
SENIORITIES = ("", "", "Senior ", "Lead ", "Junior ", "Assistant ")
POOLS = ("Alumni", "Apprentices", "Night Shift", "Returners", "Seasonal Staff", "Summer Interns", "Talent Pool")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
PAPERS = listed(
    """
    certificate; contract; cover letter; driving licence; passport; portfolio; reference; work permit
    """
)
SYLLABLES = listed(
    """
    ba; be; bo; da; do; fa; fe; ga; go; ka; ki; ko; la; le; lo; ma; mi; mo; na; ne; no; pa; pe; ra; re; ri; ro; sa;
    so; ta; te; ti; to
    """
)


def titles(chance: random.Random, count: int) -> list[str]:
    """Titles of jobs; at this many some are there twice, in other places."""
    return [f"{chance.choice(SENIORITIES)}{chance.choice(TRADES)}, {chance.choice(PLACES)}" for _ in range(count)]


def pools(chance: random.Random, count: int) -> list[str]:
    """Names of communities."""
    return [f"{chance.choice(PLACES)} {chance.choice(POOLS)}" for _ in range(count)]


def sentences(chance: random.Random, patterns: list[str], count: int) -> list[str]:
    return [
        chance.choice(patterns).format(
            day=chance.choice(DAYS),
            hour=f"{chance.randint(8, 18)}:{chance.choice(('00', '15', '30', '45'))}",
            paper=chance.choice(PAPERS),
            trade=chance.choice(TRADES).lower(),
            place=chance.choice(PLACES),
        )
        for _ in range(count)
    ]


def rare_sentences(chance: random.Random, count: int) -> list[str]:
    """Each with a word that hardly anybody else uses: the name of a firm, a street or a tool, say."""
    return [f"Ask for {''.join(chance.choices(SYLLABLES, k=4))}." for _ in range(count)]
