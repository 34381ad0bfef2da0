package mongo

import (
	"sync"

	"cloudtag/internal/store"
)

// progress records how far blocks are applied, as far as this engine knows: its own ones from the applier, those of others
// from the log and the checkpoint.
type progress struct {
	mu       sync.Mutex
	applied  int64       // all blocks up to it are applied
	end      store.Chain // the end of the log with them
	seq      int64       // all entries up to it can be read
	begin    int64       // first entry that was not dropped; 0: none was
	awaiting []*awaited  // the known blocks after `applied`, in order
}

// awaited is a block that is not known to be applied, or follows one.
type awaited struct {
	*block
	done bool
}

// reset restarts from a checkpoint.
func (p *progress) reset(applied int64, end store.Chain) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.applied, p.end, p.awaiting = applied, end, nil
	p.seq = max(p.seq, end.Seq)
}

// add adds the block after the last known one.
func (p *progress) add(b *block) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.awaiting = append(p.awaiting, &awaited{block: b})
}

// finish marks blocks as applied.
func (p *progress) finish(blocks []*block) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, b := range blocks {
		for _, w := range p.awaiting {
			w.done = w.done || w.number == b.number
		}
	}
	p.advance()
}

func (p *progress) advance() {
	for len(p.awaiting) > 0 && p.awaiting[0].done {
		first := p.awaiting[0]
		p.applied, p.end = first.number, first.chain
		p.awaiting = p.awaiting[1:]
	}
	p.seq = max(p.seq, p.end.Seq)
}

// readable returns the sequence number up to which all entries are known to be readable.
func (p *progress) readable() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seq
}

// dropped records the sequence number of the first entry that was not dropped.
func (p *progress) dropped(first int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.begin = max(p.begin, first)
}

// first returns the sequence number of the first entry that was not dropped.
func (p *progress) first() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(1, p.begin)
}

// observe records that all entries up to a sequence number are readable, which means that their blocks are applied.
func (p *progress) observe(seq int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seq = max(p.seq, seq)
	before := p.end.Seq
	for _, w := range p.awaiting {
		w.done = w.done || w.chain.Seq > before && w.chain.Seq <= p.seq
		before = w.chain.Seq
	}
	p.advance()
}

// checkpoint returns the block up to which all are applied, and the end of the log with it.
func (p *progress) checkpoint() (applied int64, end store.Chain) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.applied, p.end
}

// skip records that all blocks up to one are applied, according to a stored checkpoint.
func (p *progress) skip(number int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range p.awaiting {
		w.done = w.done || w.number <= number
	}
	p.advance()
}

// unapplied returns the known blocks that are not known to be applied.
func (p *progress) unapplied() (blocks []*block) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range p.awaiting {
		if !w.done {
			blocks = append(blocks, w.block)
		}
	}
	return blocks
}

// isBehind reports whether there are blocks that are not known to be applied.
func (p *progress) isBehind() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.awaiting) > 0
}
