package sqlite

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"cloudtag/db/sqlitefile"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migration is one step of the schema; its number is the schema version (user_version) after it.
type migration struct {
	number int
	script string
}

// loadMigrations returns the embedded steps in order. They are named NUMBER_what.sql and count from 1 without gap.
func loadMigrations() ([]migration, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var steps []migration
	for i, name := range names { // Glob sorts
		digits, _, _ := strings.Cut(path.Base(name), "_")
		number, err := strconv.Atoi(digits)
		if err != nil || number != i+1 {
			return nil, fmt.Errorf("migration %s: its number should be %d", name, i+1)
		}
		script, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		steps = append(steps, migration{number: number, script: string(script)})
	}
	return steps, nil
}

// migrate brings the schema to the newest version, each step in its own transaction. It is idempotent, and safe when
// several processes start at once: the write lock is taken before the version is read.
func migrate(s *sqlitefile.Session, fault func(string) error) error {
	steps, err := loadMigrations()
	if err != nil {
		return err
	}
	for {
		version, err := s.Version()
		if err != nil {
			return err
		}
		if version > len(steps) {
			return fmt.Errorf("its schema has version %d, and this program knows versions up to %d: use a newer cloudtag",
				version, len(steps))
		}
		if version == len(steps) {
			return nil
		}
		if err := takeStep(s, steps[version], fault); err != nil {
			return err
		}
	}
}

// takeStep runs one migration, unless another process did so in the meantime.
func takeStep(s *sqlitefile.Session, step migration, fault func(string) error) error {
	return s.Transact(func() error {
		version, err := s.Version()
		if err != nil {
			return err
		}
		if version == step.number-1 {
			if err := checkForeign(s, version); err != nil {
				return err
			}
			if err := fault("migrate"); err != nil {
				return err
			}
			script := fmt.Sprintf("%s;\nPRAGMA user_version = %d;", step.script, step.number)
			if err := s.RunScript(script); err != nil {
				return fmt.Errorf("migration %d: %w", step.number, err)
			}
		}
		return fault("commit")
	})
}

// checkForeign refuses to put the schema into a database that another program filled.
func checkForeign(s *sqlitefile.Session, version int) error {
	if version > 0 {
		return nil
	}
	var tables int
	if err := s.One("SELECT count(*) FROM sqlite_schema", nil, &tables); err != nil {
		return err
	}
	if tables > 0 {
		return errors.New("it is an SQLite database of another program")
	}
	return nil
}
