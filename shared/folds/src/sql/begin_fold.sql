-- folds.begin_fold
-- Every later statement of the transaction sees the same moment: what is folded is what is forgotten to be touched.
set transaction isolation level repeatable read
