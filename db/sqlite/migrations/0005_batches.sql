CREATE UNIQUE INDEX batches_by_id ON batches (id);
