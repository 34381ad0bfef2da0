package mongo

import "sync"

// progress is how far commits are applied, as this engine knows: those of its own from the goroutine that applies them, those
// of others from the log.
type progress struct {
	mu      sync.Mutex
	applied int64      // all commits up to it are
	seq     int64      // all entries up to it can be read
	begin   int64      // the first entry that is kept; 0: the first of all
	head    []byte     // the hash of the last entry of the commit `applied`
	end     int64      // the last entry of the commit `applied`
	waiting []*awaited // the known commits behind it, in order
}

// awaited is a commit that is not known to be applied, or behind one.
type awaited struct {
	*block
	done bool
}

// reset begins anew behind a commit up to which all is applied.
func (p *progress) reset(number, seq int64, head []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.applied, p.end, p.head, p.waiting = number, seq, head, nil
	p.seq = max(p.seq, seq)
}

// add tells of the commit that follows the last one.
func (p *progress) add(b *block) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting = append(p.waiting, &awaited{block: b})
}

// finish tells that commits are applied.
func (p *progress) finish(blocks []*block) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, b := range blocks {
		for _, w := range p.waiting {
			w.done = w.done || w.number == b.number
		}
	}
	p.advance()
}

func (p *progress) advance() {
	for len(p.waiting) > 0 && p.waiting[0].done {
		first := p.waiting[0]
		p.applied, p.end, p.head = first.number, first.chain.Seq, first.chain.Head
		p.waiting = p.waiting[1:]
	}
	p.seq = max(p.seq, p.end)
}

// readable is the number up to which all entries are known to be there.
func (p *progress) readable() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seq
}

// begins tells which entry is the first that is kept.
func (p *progress) begins(first int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.begin = max(p.begin, first)
}

// first is the number of the first entry that is kept.
func (p *progress) first() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(1, p.begin)
}

// saw tells that all entries up to a number are there: so is all of the commits that appended them.
func (p *progress) saw(seq int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seq = max(p.seq, seq)
	before := p.end
	for _, w := range p.waiting {
		w.done = w.done || w.chain.Seq > before && w.chain.Seq <= p.seq
		before = w.chain.Seq
	}
	p.advance()
}

// place is the commit up to which all are applied, with the log's end there.
func (p *progress) place() (number, seq int64, head []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.applied, p.end, p.head
}

// pass tells that all commits up to one are applied, as somebody has noted.
func (p *progress) pass(number int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range p.waiting {
		w.done = w.done || w.number <= number
	}
	p.advance()
}

// pending returns the known commits that are not known to be applied.
func (p *progress) pending() (blocks []*block) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range p.waiting {
		if !w.done {
			blocks = append(blocks, w.block)
		}
	}
	return blocks
}

// waits reports whether there are commits that are not known to be applied.
func (p *progress) waits() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.waiting) > 0
}
