package sqlitefile

import (
	"fmt"
	"sync/atomic"
)

// mortal lets tests end the life of a store at a chosen write.
type mortal struct {
	fault func(step string) error
	death atomic.Pointer[error]
}

// step is called before every physical write. Once it has failed, it always fails.
func (m *mortal) step(name string) error {
	if m.fault == nil {
		return nil
	}
	if err := m.alive(); err != nil {
		return err
	}
	if err := m.fault(name); err != nil {
		err = fmt.Errorf("died before step %q: %w", name, err)
		m.death.Store(&err)
		return err
	}
	return nil
}

// alive returns what the store died of.
func (m *mortal) alive() error {
	if death := m.death.Load(); death != nil {
		return *death
	}
	return nil
}
