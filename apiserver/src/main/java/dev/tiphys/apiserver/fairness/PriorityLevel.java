package dev.tiphys.apiserver.fairness;

import dev.tiphys.apiserver.fairness.FlowRequest.Ticket;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Serves the requests of a level: so many at once as there are seats, the others in turn.
///
/// Turns go round the queues by fair queuing: each queue has a meter of the work it has got, and
/// the one that would be done first has the next turn. How much work a request is, is guessed when
/// it begins and put right when it ends.
///
/// Threads: any; guarded by itself. Work that waits does so outside.
final class PriorityLevel {

  /// How long a request waits at most.
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /// How often is looked whether the client still waits.
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final double NANOS = 1e9;

  private final World world;
  private final Object lock = new Object();
  private final SeatDemand demand;
  private final Refusals refusals = new Refusals();
  private final List<LevelQueue> queues = new ArrayList<>();
  private final Set<Waiting> queueless = new LinkedHashSet<>(); // executing without a queue
  private volatile LevelSpec spec;
  private LevelSpec.Limits limits;
  private int seats; // there are now
  private boolean quiescing;

  private int seatsInUse;
  private int seatsWaiting;
  private int executing;
  private int waiting;
  private int activeQueues;
  private double work; // what each active queue could have got so far, in seat-seconds
  private long workedAt;
  private long enqueued;
  private int lastQueue = -1;
  private long dispatched;
  private long rejected;
  private long timedOut;
  private long cancelled;
  private final Map<String, Tally> tallies = new TreeMap<>(); // by flow schema

  PriorityLevel(World world, LevelSpec spec, LevelSpec.Limits limits) {
    this.world = world;
    this.spec = spec;
    this.limits = limits;
    this.seats = limits.initial();
    this.workedAt = world.nanoTime();
    this.demand = new SeatDemand(workedAt);
    addQueues();
  }

  /// Goes by another description from now on. Requests that wait keep their places.
  void configure(LevelSpec changed, LevelSpec.Limits bounds, boolean isRemoved) {
    synchronized (lock) {
      pass();
      spec = changed;
      limits = bounds;
      quiescing = isRemoved;
      seats = Math.clamp(seats, bounds.least(), Math.max(bounds.least(), bounds.most()));
      addQueues();
      dispatch();
    }
  }

  private void addQueues() {
    while (queues.size() < spec.queues()) {
      queues.add(new LevelQueue());
    }
  }

  LevelSpec spec() {
    return spec;
  }

  /// How many seats it wants, by what it needed since it was asked the last time.
  SeatAllocation.Claim claim() {
    synchronized (lock) {
      SeatDemand.Look look = demand.look(world.nanoTime());
      double least = Math.max(limits.least(), Math.min(limits.nominal(), look.highest()));
      return new SeatAllocation.Claim(
          least, Math.max(least, limits.most()), Math.max(least, look.smoothed()));
    }
  }

  int nominal() {
    synchronized (lock) {
      return limits.nominal();
    }
  }

  void seats(int now) {
    synchronized (lock) {
      pass();
      seats = now;
      dispatch();
    }
  }

  boolean isIdle() {
    synchronized (lock) {
      return executing == 0 && waiting == 0;
    }
  }

  /// How many seats one request may take at most: it must not empty the level.
  int mostForOne() {
    synchronized (lock) {
      if (spec.queues() == 0) {
        return Integer.MAX_VALUE;
      }
      double part =
          Math.min(Math.ceil(limits.nominal() * 0.15), limits.nominal() / spec.handSize());
      return (int) Math.max(1, part);
    }
  }

  /// Waits for a request's turn. What is returned has to be given to [#finish].
  ///
  /// @param hash stands for its flow
  /// @throws Overload if it cannot have one
  Waiting admit(Ticket ticket, long hash) {
    Waiting request;
    synchronized (lock) {
      pass();
      request = spec.exempt() || spec.queues() == 0 ? atOnce(ticket) : enqueue(ticket, hash);
      if (request.dispatched) {
        return request;
      }
      request.turn = world.gate();
    }
    await(request);
    return request;
  }

  private Waiting atOnce(Ticket ticket) {
    if (!spec.exempt() && !hasRoom(ticket.work().most())) {
      throw refusal(ticket, Refusal.CONCURRENCY_LIMIT);
    }
    Waiting request = new Waiting(ticket, null, work);
    queueless.add(request);
    begin(request);
    return request;
  }

  private Overload refusal(Ticket ticket, Refusal reason) {
    tally(ticket).refused(reason);
    rejected++;
    return new Overload(refusals.note(world.now().getEpochSecond()));
  }

  private Tally tally(Ticket ticket) {
    return tallies.computeIfAbsent(ticket.schema(), _ -> new Tally());
  }

  private boolean hasRoom(int wanted) {
    return wanted > seats ? executing == 0 : seatsInUse + wanted <= seats;
  }

  private Waiting enqueue(Ticket ticket, long hash) {
    LevelQueue queue = shortest(Hand.deal(hash, spec.queues(), spec.handSize()));
    if (seatsInUse >= seats && queue.waiting.size() >= spec.queueLength()) {
      throw refusal(ticket, Refusal.QUEUE_FULL);
    }
    if (queue.isIdle()) {
      queue.nextTurn = work;
      activeQueues++;
    }
    Waiting request = new Waiting(ticket, queue, work);
    queue.waiting.addLast(request);
    queue.seatsWaiting += request.seats();
    waiting++;
    seatsWaiting += request.seats();
    queue.forgoTurns();
    demand.change(workedAt, seatsInUse + seatsWaiting);
    dispatch();
    return request;
  }

  /// The queue of a hand that has the least work waiting. Which of several is left to the turn.
  private LevelQueue shortest(int[] hand) {
    int offset = (int) (enqueued++ % hand.length);
    LevelQueue best = queues.get(hand[offset]);
    for (int i = 1; i < hand.length; i++) {
      LevelQueue queue = queues.get(hand[(offset + i) % hand.length]);
      if (queue.seatsWaiting < best.seatsWaiting) {
        best = queue;
      }
    }
    return best;
  }

  private void await(Waiting request) {
    long end = world.nanoTime() + PATIENCE.toNanos();
    try {
      while (true) {
        long left = end - world.nanoTime();
        boolean come =
            left > 0
                && request.turn != null
                && request.turn.await(Duration.ofNanos(Math.min(left, LOOK.toNanos())));
        boolean late = end - world.nanoTime() <= 0;
        if (come || late || request.ticket.request().gone().getAsBoolean()) {
          settle(request, late);
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      settle(request, false);
    }
  }

  /// A request does not wait any longer.
  ///
  /// @throws Overload if its turn has not come
  private void settle(Waiting request, boolean late) {
    synchronized (lock) {
      if (request.dispatched) {
        return;
      }
      pass();
      leaveQueue(request);
      timedOut += late ? 1 : 0;
      cancelled += late ? 0 : 1;
      demand.change(workedAt, seatsInUse + seatsWaiting);
      throw refusal(request.ticket, late ? Refusal.TIME_OUT : Refusal.CANCELLED);
    }
  }

  private void leaveQueue(Waiting request) {
    LevelQueue queue = request.queue;
    if (queue != null) {
      queue.waiting.remove(request);
      queue.seatsWaiting -= request.seats();
      waiting--;
      seatsWaiting -= request.seats();
      queue.forgoTurns();
      rest(queue);
    }
  }

  private void rest(LevelQueue queue) {
    if (queue.isIdle()) {
      activeQueues--;
      // of queues that are too many, the idle ones at the end go
      while (queues.size() > spec.queues() && queues.getLast().isIdle()) {
        queues.removeLast();
      }
    }
  }

  /// Lets the work go on since the last time.
  private void pass() {
    long now = world.nanoTime();
    if (activeQueues > 0) {
      double rate = (double) Math.min(seatsInUse + seatsWaiting, seats) / activeQueues;
      work += rate * (now - workedAt) / NANOS;
    }
    workedAt = now;
  }

  private void dispatch() {
    while (waiting > 0) {
      LevelQueue next = next();
      Waiting request = next.waiting.getFirst();
      if (!hasRoom(request.seats())) {
        return; // nor may a smaller one overtake it
      }
      next.waiting.removeFirst();
      next.seatsWaiting -= request.seats();
      waiting--;
      seatsWaiting -= request.seats();
      next.executing.add(request);
      next.seatsInUse += request.seats();
      next.nextTurn += LevelQueue.usualWork(request);
      next.forgoTurns();
      begin(request);
    }
  }

  /// The queue whose oldest request would be done first; of several the one after the last.
  private LevelQueue next() {
    int best = -1;
    double soonest = 0;
    for (int i = 1; i <= queues.size(); i++) {
      int at = (lastQueue + i) % queues.size();
      Waiting oldest = queues.get(at).waiting.peekFirst();
      if (oldest != null) {
        double done = queues.get(at).nextTurn + LevelQueue.usualWork(oldest);
        if (best < 0 || done < soonest) {
          best = at;
          soonest = done;
        }
      }
    }
    lastQueue = best;
    return queues.get(best);
  }

  private void begin(Waiting request) {
    seatsInUse += request.seats();
    executing++;
    dispatched++;
    tally(request.ticket).dispatched();
    request.dispatched = true;
    request.dispatchedAt = workedAt;
    request.started = world.now();
    demand.change(workedAt, seatsInUse + seatsWaiting);
    if (request.turn != null) {
      request.turn.open();
    }
  }

  /// A request has been served. Its seats are free once its watchers have been told.
  void finish(Waiting request) {
    Duration after = request.ticket.work().after();
    synchronized (lock) {
      pass();
      executing--;
      LevelQueue queue = request.queue;
      if (queue == null) {
        queueless.remove(request);
      } else {
        queue.executing.remove(request);
        double lasted = (workedAt - request.dispatchedAt) / NANOS;
        queue.nextTurn += request.ticket.work().seats() * (lasted - LevelQueue.USUAL_SECONDS);
        queue.forgoTurns();
        rest(queue);
      }
      if (after.isZero()) {
        freeSeats(request);
        return;
      }
    }
    world
        .background()
        .schedule(
            after,
            () -> {
              synchronized (lock) {
                pass();
                freeSeats(request);
              }
            });
  }

  private void freeSeats(Waiting request) {
    seatsInUse -= request.seats();
    if (request.queue != null) {
      request.queue.seatsInUse -= request.seats();
    }
    demand.change(workedAt, seatsInUse + seatsWaiting);
    dispatch();
  }

  /// A level as it is at a moment.
  ///
  /// @param queues what is in them
  /// @param queueless what is served without a queue
  /// @param seats how many seats there are now
  /// @param tallies of all requests so far, by flow schema
  record Dump(
      LevelSpec spec,
      boolean quiescing,
      int waiting,
      int executing,
      long dispatched,
      long rejected,
      long timedOut,
      long cancelled,
      List<QueueDump> queues,
      List<Served> queueless,
      LevelSpec.Limits limits,
      int seats,
      int seatsInUse,
      Map<String, Tally> tallies) {

    /// All requests that wait or are served.
    List<Served> all() {
      List<Served> all = new ArrayList<>(queueless);
      queues.forEach(
          queue -> {
            all.addAll(queue.waiting);
            all.addAll(queue.executing);
          });
      return all;
    }
  }

  /// @param nextTurn in seat-seconds
  record QueueDump(
      List<Served> waiting,
      List<Served> executing,
      int seatsInUse,
      int seatsWaiting,
      double nextTurn) {}

  /// @param started when its turn came; null if it waits
  record Served(Ticket ticket, @Nullable Instant started) {
    static List<Served> of(Iterable<Waiting> requests) {
      List<Served> served = new ArrayList<>();
      requests.forEach(each -> served.add(new Served(each.ticket, each.started)));
      return List.copyOf(served);
    }
  }

  Dump dump() {
    synchronized (lock) {
      List<QueueDump> all = new ArrayList<>();
      for (LevelQueue queue : queues) {
        all.add(
            new QueueDump(
                Served.of(queue.waiting),
                Served.of(queue.executing),
                queue.seatsInUse,
                queue.seatsWaiting,
                queue.nextTurn));
      }
      return new Dump(
          spec,
          quiescing,
          waiting,
          executing,
          dispatched,
          rejected,
          timedOut,
          cancelled,
          List.copyOf(all),
          Served.of(queueless),
          limits,
          seats,
          seatsInUse,
          Tally.copies(tallies));
    }
  }
}
