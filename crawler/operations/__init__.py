"""Operations on a collection: files into the state, visits to verdicts, findings into files and reports."""
