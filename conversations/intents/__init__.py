"""What somebody wants who does not answer the open question: a small classifier, fitted on phrases kept here.

`packaged.Packaged().read(text)` names the intent, or none where it is not sure.
`bangbang train --phrases --out conversations/intents/weights.npz` fits it anew.
"""
