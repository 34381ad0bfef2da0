package mongotest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// The messages of MongoDB's wire protocol that current clients use.
const (
	opReply = 1
	opQuery = 2004
	opMsg   = 2013
)

// wireServer answers commands from a script, to test what no available MongoDB does.
type wireServer struct {
	listener net.Listener
	answer   func(command string) bson.D
	running  sync.WaitGroup
}

// ServeWire starts a server that answers commands from a script, until the test ends. Clients have to disconnect before.
func ServeWire(t testing.TB, answer func(command string) bson.D) (address string) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &wireServer{listener: listener, answer: answer}
	s.running.Go(func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			s.running.Go(func() { s.serve(connection) })
		}
	})
	t.Cleanup(func() {
		if err := listener.Close(); err != nil {
			t.Error(err)
		}
		s.running.Wait() // the clients have closed their connections by now
	})
	return listener.Addr().String()
}

func (s *wireServer) serve(connection net.Conn) {
	defer func() { _ = connection.Close() }()
	for {
		var header [4]int32 // length, request, response to, kind
		if err := binary.Read(connection, binary.LittleEndian, &header); err != nil {
			return
		}
		body := make([]byte, header[0]-16)
		if _, err := io.ReadFull(connection, body); err != nil {
			return
		}
		reply, err := s.reply(header, body)
		if err != nil {
			return
		}
		if _, err := connection.Write(reply); err != nil {
			return
		}
	}
}

func (s *wireServer) reply(header [4]int32, body []byte) ([]byte, error) {
	var lead []byte
	kind := int32(opMsg)
	switch header[3] {
	case opQuery: // flags, name of a collection, two numbers, the command
		end := bytes.IndexByte(body[4:], 0)
		body = body[4+end+1+8:]
		kind = opReply
		lead = make([]byte, 20)
		binary.LittleEndian.PutUint32(lead[16:], 1)
	case opMsg: // flags, the kind of the section, the command
		body = body[5:]
		lead = make([]byte, 5)
	default:
		return nil, errors.New("an unknown message")
	}
	elements, err := bson.Raw(body[:binary.LittleEndian.Uint32(body)]).Elements()
	if err != nil || len(elements) == 0 {
		return nil, errors.New("an unreadable message")
	}
	document, err := bson.Marshal(s.answer(elements[0].Key()))
	if err != nil {
		return nil, err
	}
	var message bytes.Buffer
	length := int32(16 + len(lead) + len(document))
	if err := binary.Write(&message, binary.LittleEndian, [4]int32{length, 1, header[1], kind}); err != nil {
		return nil, err
	}
	message.Write(lead)
	message.Write(document)
	return message.Bytes(), nil
}

// Primary returns a primary's answer to hello.
func Primary(wireVersion int32) bson.D {
	return bson.D{
		{Key: "ok", Value: 1}, {Key: "isWritablePrimary", Value: true}, {Key: "ismaster", Value: true},
		{Key: "minWireVersion", Value: int32(0)}, {Key: "maxWireVersion", Value: wireVersion},
		{Key: "maxBsonObjectSize", Value: int32(1 << 24)}, {Key: "maxMessageSizeBytes", Value: int32(48_000_000)},
		{Key: "maxWriteBatchSize", Value: int32(100_000)},
	}
}

// Refusing answers every command but hello with an error.
func Refusing(wireVersion int32, code int32, text string) func(string) bson.D {
	return func(command string) bson.D {
		switch command {
		case "hello", "isMaster", "ismaster", "isdbgrid":
			return Primary(wireVersion)
		default:
			return bson.D{{Key: "ok", Value: 0}, {Key: "code", Value: code}, {Key: "errmsg", Value: text}}
		}
	}
}
