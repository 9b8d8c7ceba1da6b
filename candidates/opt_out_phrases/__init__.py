"""How people ask not to be texted any more, a module for each language.

The patterns see plain words: lower case, without accents and apostrophes, one blank apart, a comma for every pause
within a sentence, and without words of courtesy (`candidates.opt_out_reading` makes them so). Who adds a phrase
adds sentences to tests/candidates/opt_outs.tsv, for it and against it.
"""

from candidates.opt_out_phrases.dutch import DUTCH
from candidates.opt_out_phrases.english import ENGLISH
from candidates.opt_out_phrases.french import FRENCH
from candidates.opt_out_phrases.german import GERMAN
from candidates.opt_out_phrases.spanish import SPANISH
from candidates.opt_out_phrases.swedish import SWEDISH

LANGUAGES = (ENGLISH, FRENCH, GERMAN, DUTCH, SWEDISH, SPANISH)
