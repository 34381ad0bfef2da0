package config

import (
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/alecthomas/kong"
)

// envPrefix is the prefix of environment variables: --upkeep-interval is CLOUDTAG_UPKEEP_INTERVAL.
const envPrefix = "CLOUDTAG"

// commandLine is the grammar of the command line.
type commandLine struct {
	Log     Log              `embed:"" prefix:"log-" group:"Log:"`
	Version kong.VersionFlag `env:"-" help:"Print the version and exit."`

	Serve  Serve  `cmd:"" help:"Serve the API, the console and GraphiQL."`
	Import Import `cmd:"" help:"Import merchants, orders, risk data or past tags from CSV or NDJSON files."`
	Token  Token  `cmd:"" help:"Print a bearer token."`
	Demo   Demo   `cmd:"" help:"Load the bundled real data set: the Bitcoin OTC network of traders who rate each other."`
	Sweep  Sweep  `cmd:"" help:"Run expiry, deadlines and recovery once; serve does it continuously."`
	Export Export `cmd:"" help:"Write all tags, cases or log entries as CSV or NDJSON."`
	Copy   Copy   `cmd:"" help:"Copy everything from one store into another, empty one; go on where an earlier copy ended."`

	Backup Backup `cmd:"" help:"Write a consistent copy of an SQLite store to one file, while servers use the store."`
	Health Health `cmd:"" help:"Ask a server whether it is ready; the exit code says so, for health checks of containers."`

	Webhooks webhooksCommands `cmd:"" help:"List webhooks, and deliver past events again."`

	Doctor    Doctor    `cmd:"" help:"Check database, schema, clock, secret, log and queue, and say what to do."`
	VerifyLog VerifyLog `cmd:"" name:"verify-log" help:"Check that nobody has changed, removed or inserted an entry of the log."`

	TrimLog TrimLog `cmd:"" name:"trim-log" help:"Archive the beginning of the log, of three years ago or more, to a file, and delete it."`

	Schema        Schema        `cmd:"" help:"Print the GraphQL schema, with its directives."`
	SimulateRings SimulateRings `cmd:"" name:"simulate-rings" help:"Let rings of shops attack good accounts of the bundled real data, and print what they achieve under policies."`

	ShowVersion Version `cmd:"" name:"version" help:"Print the version and what it was built with."`
}

// webhooksCommands are the commands about webhooks.
type webhooksCommands struct {
	List   WebhooksList   `cmd:"" help:"List the endpoints and how their deliveries stand."`
	Replay WebhooksReplay `cmd:"" help:"Deliver the events of an endpoint again, from a position in the log on."`
}

// Settings are the result of parsing: the command, and how to log.
type Settings struct {
	Log     Log
	Command any // one of *Serve, *Import, *Token, *Demo, *Sweep, *Export, *Copy, *Doctor, *VerifyLog, *TrimLog,
	// *WebhooksList, *WebhooksReplay, *Backup, *Health, *Schema, *SimulateRings and *Version

	// ChangedLimits are the limits that differ from their defaults, as flags: "--limit-tags=20".
	ChangedLimits []string
}

// ErrHandled is returned by [Parse] when it has printed the requested help or version.
var ErrHandled = errors.New("help or version was printed")

// UsageError is a command line that is not valid; its text names the flag and says what was expected.
type UsageError struct{ cause error }

// Error implements error; the text points to the help.
func (e *UsageError) Error() string { return e.cause.Error() + "; see cloudtag --help" }

// Unwrap returns the cause.
func (e *UsageError) Unwrap() error { return e.cause }

// Parse reads the arguments (without the program's name), takes what they leave out from the environment, and validates all
// of it. Help and version are printed to out. environment holds NAME=VALUE pairs, as os.Environ returns them; unknown names
// with the program's prefix are an error. Errors: [ErrHandled], [*UsageError].
func Parse(args, environment []string, version string, out io.Writer) (Settings, error) {
	var line commandLine
	printed := false
	parser, err := kong.New(&line,
		kong.Name("cloudtag"),
		kong.Description("CloudTag (云标签): merchants tag the orders of abusive buyers; tags of enough independent merchants become the platform's decision.\n\n"+
			"Every flag can be given as an environment variable: --db is CLOUDTAG_DB."),
		kong.DefaultEnvars(envPrefix),
		kong.Vars{"version": "cloudtag " + version},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, Tree: true}),
		kong.Writers(out, out),
		kong.Exit(func(int) { printed = true }),
	)
	if err != nil {
		return Settings{}, fmt.Errorf("command line: %w", err)
	}
	if err := checkEnvironment(parser.Model.Node, environment); err != nil {
		return Settings{}, &UsageError{cause: err}
	}
	parsed, err := parser.Parse(args)
	switch {
	case printed:
		return Settings{}, ErrHandled
	case err != nil:
		return Settings{}, &UsageError{cause: err}
	}
	changed, err := changedLimits(parsed.Selected())
	if err != nil {
		return Settings{}, err
	}
	return Settings{Log: line.Log, Command: parsed.Selected().Target.Addr().Interface(), ChangedLimits: changed}, nil
}

// changedLimits returns the limit flags of a command that differ from their defaults.
func changedLimits(command *kong.Node) ([]string, error) {
	var changed []string
	for _, flag := range command.Flags {
		if flag.Group == nil || flag.Group.Key != "Limits:" && flag.Group.Key != "Sockets:" || !flag.HasDefault {
			continue
		}
		standard := reflect.New(flag.Target.Type()).Elem()
		if err := flag.Parse(kong.ScanFromTokens(kong.Token{Type: kong.FlagValueToken, Value: flag.Default}), standard); err != nil {
			return nil, fmt.Errorf("default of --%s: %w", flag.Name, err)
		}
		if !reflect.DeepEqual(standard.Interface(), flag.Target.Interface()) {
			changed = append(changed, fmt.Sprintf("--%s=%v", flag.Name, flag.Target.Interface()))
		}
	}
	return changed, nil
}
