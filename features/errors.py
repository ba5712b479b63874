"""The base of every error this project raises on purpose, and the tree of them.

TriageError           never raised itself
├── BadCase           features/check.py    a row breaks the contract: table, column, case, what was expected
├── BadMapping        features/mapping.py  a mapping lacks a table or column, or its SQL fails
├── BadConfig         training/config.py   a training configuration has an unknown or impossible setting
├── CannotTrain       training/dataset.py  the history holds too little, or an answer leaks into a feature
├── CannotPromote     training/promotion.py  a version may not be put in use, or there is none to go back to
├── BundleMismatch    models/sealed.py     bundle and code disagree, or a file was altered
├── NoChampion        models/champion.py   no bundle was named and none has been promoted
├── NotReady          serving/desk.py      no bundle is loaded yet
└── CaseNotFound      serving/desk.py      no such case in the data

Abstaining, failing a gate and dropping a row are results, not errors.
"""


class TriageError(Exception):
    """Something went wrong that the reader of the message can put right."""
