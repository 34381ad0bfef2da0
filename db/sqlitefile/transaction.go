package sqlitefile

import (
	"fmt"

	"cloudtag/internal/store/failpoint"
)

// Transaction is the writer's current transaction. Only the job that is running may use it.
type Transaction struct {
	*Conn
	failpoint *failpoint.Failpoint
	writes    int
}

// Write runs a statement that changes the file. The step names it in errors and to the failpoint.
func (t *Transaction) Write(step, text string, args ...any) error {
	if err := t.failpoint.Step(step); err != nil {
		return err
	}
	t.writes++
	if err := t.Run(text, args...); err != nil {
		return fmt.Errorf("%s: %w", step, err)
	}
	return nil
}

// State is what an engine keeps in memory across the writer's transactions. All calls come from the writer's goroutine.
type State interface {
	// Begin is called at the beginning of a transaction, before its first job.
	Begin(*Transaction) error
	// Flush is called after the last job, to write what the jobs have buffered.
	Flush() error
	// Committed is called when the transaction is durable. It reports whether it appended log entries.
	Committed() (appended bool)
	// Rollback is called when the transaction was rolled back.
	Rollback()
}
