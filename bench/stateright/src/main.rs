//! The abstract specification `kip-320` (model/abstract/) for Stateright's breadth-first checker.
//!
//!     cargo run --release -- REPLICAS LOG_SIZE MAX_RECORDS MAX_LEADER_EPOCH THREADS
//!
//! Prints one JSON object: distinct states, generated states, depth, seconds.
use stateright::{Checker, Model, Property};
use std::time::Instant;

const NONE: i8 = -1;
const ROOM: usize = 4;

#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
struct Entry {
    id: i8,
    epoch: i8,
}

#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
struct Decision {
    epoch: i8,
    leader: i8,
    in_sync: u8,
}

#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
struct Replica {
    high_watermark: i8,
    epoch: i8,
    leader: i8,
    in_sync: u8,
    end: i8,
    log: [Entry; ROOM],
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct State {
    next_record: i8,
    next_epoch: i8,
    quorum: Decision,
    requests: [Decision; ROOM],
    replicas: [Replica; ROOM],
}

#[derive(Clone, Debug, PartialEq)]
enum Action {
    ElectLeader(usize),
    ControllerShrink(usize),
    BecomeLeader(usize),
    Write(usize),
    Expand(usize, usize),
    Shrink(usize, usize),
    IncHighWatermark(usize),
    BecomeFollower(usize, usize),
    Fetch(usize, usize),
}

struct Kip320 {
    replicas: usize,
    log_size: i8,
    max_records: i8,
    max_epoch: i8,
}

impl State {
    fn is_in(set: u8, member: usize) -> bool {
        set >> member & 1 == 1
    }

    fn presumes(&self, leader: usize) -> bool {
        self.replicas[leader].leader == leader as i8
    }

    fn follows(&self, leader: usize, follower: usize) -> bool {
        self.presumes(leader)
            && self.replicas[follower].leader == leader as i8
            && self.replicas[follower].epoch == self.replicas[leader].epoch
    }

    fn is_true_leader(&self, leader: usize) -> bool {
        self.quorum.leader == leader as i8
            && self.presumes(leader)
            && self.replicas[leader].epoch == self.quorum.epoch
    }

    fn is_same_at(&self, a: usize, b: usize, offset: i8) -> bool {
        let (a, b) = (&self.replicas[a], &self.replicas[b]);
        offset < a.end && offset < b.end && a.log[offset as usize] == b.log[offset as usize]
    }

    fn is_shared(&self, replicas: usize, leader: usize, members: u8) -> bool {
        (0..replicas).filter(|&member| Self::is_in(members, member)).all(|member| {
            (0..self.replicas[leader].high_watermark).all(|offset| self.is_same_at(leader, member, offset))
        })
    }

    fn decide(&mut self, leader: i8, in_sync: u8) {
        let decision = Decision { epoch: self.next_epoch, leader, in_sync };
        self.quorum = decision;
        self.requests[self.next_epoch as usize] = decision;
        self.next_epoch += 1;
    }

    fn has_reached_epoch(&self, leader: usize) -> bool {
        let replica = &self.replicas[leader];
        replica.high_watermark == replica.end || replica.log[replica.high_watermark as usize].epoch == replica.epoch
    }
}

impl Model for Kip320 {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let entry = Entry { id: NONE, epoch: NONE };
        let nobody = Decision { epoch: NONE, leader: NONE, in_sync: 0 };
        let replica = Replica { high_watermark: 0, epoch: NONE, leader: NONE, in_sync: 0, end: 0, log: [entry; ROOM] };
        vec![State {
            next_record: 0,
            next_epoch: 0,
            quorum: Decision { in_sync: (1 << self.replicas) - 1, ..nobody },
            requests: [nobody; ROOM],
            replicas: [replica; ROOM],
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        let quorum = &state.quorum;
        for replica in 0..self.replicas {
            let is_in = State::is_in(quorum.in_sync, replica);
            if state.next_epoch <= self.max_epoch {
                if is_in && quorum.leader != replica as i8 {
                    actions.push(Action::ElectLeader(replica));
                }
                if is_in || quorum.leader == replica as i8 {
                    actions.push(Action::ControllerShrink(replica));
                }
            }
        }
        for epoch in 0..state.next_epoch as usize {
            let leader = state.requests[epoch].leader;
            if leader == NONE {
                continue;
            }
            let leader = leader as usize;
            if epoch as i8 > state.replicas[leader].epoch {
                actions.push(Action::BecomeLeader(epoch));
            }
            if state.presumes(leader) && state.replicas[leader].epoch == epoch as i8 {
                for replica in 0..self.replicas {
                    if replica != leader && epoch as i8 > state.replicas[replica].epoch {
                        actions.push(Action::BecomeFollower(replica, epoch));
                    }
                }
            }
        }
        for leader in 0..self.replicas {
            let this = &state.replicas[leader];
            if !state.presumes(leader) {
                continue;
            }
            if this.end < self.log_size && state.next_record < self.max_records {
                actions.push(Action::Write(leader));
            }
            let mut members = (0..self.replicas).filter(|&member| State::is_in(this.in_sync, member));
            if this.high_watermark < this.end
                && members.all(|member| state.follows(leader, member) && state.replicas[member].end > this.high_watermark)
            {
                actions.push(Action::IncHighWatermark(leader));
            }
            for other in 0..self.replicas {
                let that = &state.replicas[other];
                let follows = state.follows(leader, other);
                if follows && that.end < this.end {
                    actions.push(Action::Fetch(leader, other));
                }
                if other == leader || !state.is_true_leader(leader) {
                    continue;
                }
                if State::is_in(this.in_sync, other) {
                    if !follows || that.end < this.end {
                        actions.push(Action::Shrink(leader, other));
                    }
                } else if follows && that.end >= this.high_watermark && state.has_reached_epoch(leader) {
                    actions.push(Action::Expand(leader, other));
                }
            }
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        match action {
            Action::ElectLeader(replica) => state.decide(replica as i8, last.quorum.in_sync),
            Action::ControllerShrink(replica) => {
                let left = last.quorum.in_sync & !(1 << replica);
                let led = last.quorum.leader == replica as i8;
                let kept = if led && left == 0 { last.quorum.in_sync } else { left };
                state.decide(if led { NONE } else { last.quorum.leader }, kept);
            }
            Action::BecomeLeader(epoch) => {
                let request = last.requests[epoch];
                let replica = &mut state.replicas[request.leader as usize];
                replica.epoch = epoch as i8;
                replica.leader = request.leader;
                replica.in_sync = request.in_sync;
            }
            Action::Write(leader) => {
                let replica = &mut state.replicas[leader];
                replica.log[replica.end as usize] = Entry { id: last.next_record, epoch: replica.epoch };
                replica.end += 1;
                state.next_record += 1;
            }
            Action::IncHighWatermark(leader) => state.replicas[leader].high_watermark += 1,
            Action::Expand(leader, other) => {
                state.quorum.in_sync = last.replicas[leader].in_sync | 1 << other;
                state.replicas[leader].in_sync = state.quorum.in_sync;
            }
            Action::Shrink(leader, other) => {
                state.quorum.in_sync = last.replicas[leader].in_sync & !(1 << other);
                state.replicas[leader].in_sync = state.quorum.in_sync;
            }
            Action::BecomeFollower(replica, epoch) => {
                let request = last.requests[epoch];
                let mut end = last.replicas[replica].end;
                while end > 0 && !last.is_same_at(request.leader as usize, replica, end - 1) {
                    end -= 1;
                }
                let this = &mut state.replicas[replica];
                for offset in end..this.end {
                    this.log[offset as usize] = Entry { id: NONE, epoch: NONE };
                }
                this.end = end;
                this.high_watermark = this.high_watermark.min(end);
                this.epoch = epoch as i8;
                this.leader = request.leader;
                this.in_sync = request.in_sync;
            }
            Action::Fetch(leader, follower) => {
                let leader = last.replicas[leader];
                let this = &mut state.replicas[follower];
                this.log[this.end as usize] = leader.log[this.end as usize];
                this.end += 1;
                this.high_watermark = leader.high_watermark.min(this.end);
            }
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("WeakIsr", |model: &Kip320, state: &State| {
                (0..model.replicas)
                    .filter(|&leader| state.presumes(leader))
                    .all(|leader| state.is_shared(model.replicas, leader, state.replicas[leader].in_sync))
            }),
            Property::always("StrongIsr", |model: &Kip320, state: &State| {
                (0..model.replicas)
                    .filter(|&leader| state.presumes(leader))
                    .all(|leader| state.is_shared(model.replicas, leader, state.quorum.in_sync))
            }),
        ]
    }
}

fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).map(|text| text.parse().expect("a number")).collect();
    let [replicas, log_size, max_records, max_epoch, threads] = numbers[..] else {
        panic!("give REPLICAS LOG_SIZE MAX_RECORDS MAX_LEADER_EPOCH THREADS");
    };
    assert!(replicas <= ROOM && log_size <= ROOM && max_epoch < ROOM);
    let model =
        Kip320 { replicas, log_size: log_size as i8, max_records: max_records as i8, max_epoch: max_epoch as i8 };
    let started = Instant::now();
    let checker = model.checker().threads(threads).spawn_bfs().join();
    let seconds = started.elapsed().as_secs_f64();
    checker.assert_properties();
    println!(
        "{{\"distinctStates\":{},\"generatedStates\":{},\"depth\":{},\"seconds\":{}}}",
        checker.unique_state_count(),
        checker.state_count(),
        checker.max_depth(),
        seconds
    );
}
