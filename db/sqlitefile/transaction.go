package sqlitefile

import "fmt"

// Transaction is the one that the writer's jobs write in. It is theirs alone while they run.
type Transaction struct {
	*Session
	mortal *mortal
	writes int
}

// Step is called before a physical write that does not go through [Transaction.Write]. Its error is the job's.
func (t *Transaction) Step(name string) error {
	if err := t.mortal.step(name); err != nil {
		return err
	}
	t.writes++
	return nil
}

// Write runs a statement that changes the file. The step names it in errors.
func (t *Transaction) Write(step, text string, args ...any) error {
	if err := t.Step(step); err != nil {
		return err
	}
	if err := t.Run(text, args...); err != nil {
		return fmt.Errorf("%s: %w", step, err)
	}
	return nil
}

// State is what a store keeps in memory of the writer's transactions. All calls come from the writer's goroutine.
type State interface {
	// Begin is called in a new transaction, before its first job.
	Begin(*Transaction) error
	// Flush is called after the last job, to write what the jobs left to write together.
	Flush() error
	// Committed is called when the transaction is durable. It reports whether entries of the log are in it.
	Committed() (appended bool)
	// Forget is called when the transaction was taken back.
	Forget()
}
