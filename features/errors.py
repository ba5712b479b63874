"""The base of every error this project raises on purpose, and the tree of them.

TriageError           never raised itself
├── BadInput          features/terminal.py what was typed cannot be read: an instant, say
├── BadCase           features/check.py    a row breaks the contract: table, column, case, what was expected
├── BadMapping        features/duck.py     a mapping or a file cannot be used: which, where, what to do
├── BadRequirement    features/required.py the list of required evidence has a slip: where, what was expected
├── BadLexicon        features/lexicon.py  the lists of expressions have a slip: where, what was expected
├── BadConfig         training/config.py   a training configuration has an unknown or impossible setting
├── NotInstalled      training/extra.py    a command of training was called where only serving is installed
├── CannotTrain       training/dataset.py  the history holds too little, or an answer leaks into a feature
├── BadWorld          training/simulate/world.py  a simulated world is asked for that cannot be
├── CannotKeep        training/keep.py     the place where a bundle is to be written is taken
├── CannotPromote     training/promotion.py  a version may not be put in use, or there is none to go back to
├── RegistryFailed    training/registry.py   MLflow did not do what was asked of it
├── BadTerms          models/terms.py      a parameter that a remedy rests on has no value, or a wrong one
├── BadPolicy         models/marked.py     a policy has slips: file, line, what stands there, what was expected
├── PolicyGap         models/policy.py     no version of a clause is in force on a day, or two are
├── BundleMismatch    models/sealed.py     bundle and code disagree, or a file was altered
├── NoChampion        models/champion.py   no bundle was named and none has been promoted
├── CannotWrite       serving/sheet.py     the file that was asked for cannot be written
├── NoTruth           training/truth.py    the folder named holds no truth about these cases
├── BadSettings       serving/settings.py  the environment holds a setting that cannot be used
├── CannotListen      serving/listen.py    the address is taken, or is none of this machine's
├── NotReady          serving/desk.py      no bundle is loaded yet
├── CannotPrint       serving/letter_pdf.py  a statement holds a character that the font of PDFs lacks
├── NothingToState    serving/stating.py   a statement is asked for where no policy can be
├── CaseNotFound      serving/desk.py      no such case in the data
└── CaseRefused       serving/desk.py      a BadCase in what a client sent: a value, and where it stands

Abstaining, failing a gate and dropping a row are results, not errors.
"""


class TriageError(Exception):
    """Something went wrong that the reader of the message can put right."""
