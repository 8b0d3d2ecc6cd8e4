package dev.tiphys.client.leader;

import dev.tiphys.client.Api;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A candidate for a Lease, and the parts that work while it is held.
///
/// Guarantees: parts are made when the Lease was acquired, closed when it is lost, and made anew
/// when it is acquired again; there are never two of them in this process. Between processes, a
/// [Term] sees to it that nothing of an earlier leader's is written once a later one works, as long
/// as clocks run at nearly the same speed and a write does not travel for longer than the time by
/// which the lease duration exceeds the renew deadline. When the election is closed, the Lease is
/// given up after the parts have ended, so that another candidate need not wait.
///
/// A Lease that is free, or that names this candidate, is acquired with the first request. One that
/// cannot be asked for, as while a server starts, is asked for again soon.
///
/// Threads: any. Parts are made and closed by tasks of its own.
public final class LeaderElection implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(LeaderElection.class.getName());
  private static final String REASON = "LeaderElection";

  /// For how long the end of parts may take, beyond the Lease, without a complaint.
  private static final Duration TOLERATED = Duration.ofSeconds(20);

  /// How soon a Lease that could not be asked for is asked for again. Each further time takes twice
  /// as long, up to the retry period.
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);

  /// How often the clock is looked at.
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final World world;
  private final CautiousClock clock;
  private final Api api;
  private final ElectionSettings settings;
  private final EventRecorder events;
  private final Function<Term, ? extends AutoCloseable> parts;
  private final Gate wake;
  private final SupervisedTask task;
  private Lock lock;
  private String reported = "";
  private Duration pause = FIRST_PAUSE;
  private volatile @Nullable Term term; // whose parts there are
  private volatile boolean leading;
  private volatile boolean closing;

  /// @param api what Lease and events are written through
  /// @param component the part that reports events
  /// @param parts makes and starts what works for a term, with APIs that it fences; to close it
  ///   waits for its end
  public LeaderElection(
      World world,
      Api api,
      ElectionSettings settings,
      String component,
      Function<Term, ? extends AutoCloseable> parts) {
    this.world = world.background();
    this.clock = new CautiousClock(this.world);
    this.api = api;
    this.settings = settings;
    this.events = new EventRecorder(world, api, component, "");
    this.parts = parts;
    this.wake = this.world.gate();
    this.lock = Lock.unknown(settings);
    this.task = world.supervisor().task("leader-election-" + settings.name(), OnFailure.RESTART);
  }

  /// Begins to be a candidate, in the background.
  public LeaderElection start() {
    task.start(this::run);
    return this;
  }

  /// Which Lease it is about.
  public String name() {
    return settings.name();
  }

  /// Whether its parts are at work.
  public boolean isLeading() {
    return leading;
  }

  /// Whether it is fine: false if parts go on long after the Lease was lost.
  public boolean isHealthy() {
    Term current = term;
    Duration spare = settings.leaseDuration().minus(settings.renewDeadline()).plus(TOLERATED);
    return current == null || current.left().plus(spare).isPositive();
  }

  private void run() throws InterruptedException {
    while (!closing) {
      Term begun = campaign();
      if (begun != null && begun.holds()) {
        lead(begun);
      }
    }
  }

  /// Tries until the Lease is had. Null if it is closed before.
  private @Nullable Term campaign() throws InterruptedException {
    while (!closing) {
      Lock.Outcome outcome = attempt(settings.patience());
      if (outcome instanceof Lock.Outcome.Held(_, var sent)) {
        return Term.begin(world, clock, settings, sent);
      }
      Duration retry = settings.retryPeriod();
      if (outcome instanceof Lock.Outcome.Failed && pause.compareTo(retry) < 0) {
        await(pause);
        pause = pause.multipliedBy(2);
      } else if (!closing) {
        await(jittered(retry));
      }
    }
    return null;
  }

  private Duration jittered(Duration span) {
    double more = world.random().nextDouble() * ElectionSettings.JITTER;
    return span.plusNanos((long) (span.toNanos() * more));
  }

  private void lead(Term begun) throws InterruptedException {
    LOG.log(Level.INFO, "this process leads: lease={0}", settings);
    report("became leader");
    Making making = new Making(begun);
    try {
      term = begun;
      leading = true;
      hold(begun, making);
    } finally {
      leading = false;
      if (!closing) {
        begun.end(); // the Lease is lost: what is on its way must not wait for what is closed first
        begun.awaitIdle(settings.leaseDuration().minus(settings.renewDeadline()));
      }
      making.end();
      begun.end();
      term = null;
      report("stopped leading");
    }
    if (closing) {
      release();
    }
    making.requireSuccess();
  }

  /// The parts of a term, which are made beside the loop: however long that takes, the Lease is
  /// renewed meanwhile. They are made on a platform thread: much of the making is the loading of
  /// classes, in which a virtual thread keeps its carrier. Two terms that begin on a machine with
  /// two processors would otherwise leave none to renew a Lease on, or to answer requests.
  private final class Making {
    private final Task making;
    private volatile @Nullable AutoCloseable made;
    private volatile @Nullable RuntimeException failure;

    Making(Term begun) {
      making = world.startThread("lead-" + settings.name(), () -> make(begun));
    }

    private void make(Term begun) {
      try {
        made = parts.apply(begun);
      } catch (RuntimeException e) {
        failure = e;
        wake.open();
      }
    }

    boolean hasFailed() {
      return failure != null;
    }

    /// Ends what was made, once all of it is made.
    void end() throws InterruptedException {
      making.join();
      AutoCloseable working = made;
      if (working != null) {
        LeaderElection.end(working);
      }
    }

    /// Throws what the making has thrown.
    void requireSuccess() {
      RuntimeException thrown = failure;
      if (thrown != null) {
        throw thrown;
      }
    }
  }

  /// Keeps the Lease until it is lost, or until it is closed.
  private void hold(Term begun, Making making) throws InterruptedException {
    while (true) {
      await(shorter(settings.retryPeriod(), begun.left()));
      if (closing || making.hasFailed() || !begun.holds()) {
        return;
      }
      switch (attempt(shorter(settings.patience(), begun.left()))) {
        case Lock.Outcome.Held(_, var sent) -> begun.renewed(sent);
        case Lock.Outcome.Taken _ -> {
          return;
        }
        case Lock.Outcome.Failed _ -> {}
      }
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static void end(AutoCloseable parts) {
    try {
      parts.close();
    } catch (Exception e) {
      LOG.log(Level.ERROR, "the parts of a leader do not end in order", e);
    }
  }

  /// Waits for a time, or until it is closed.
  private void await(Duration span) throws InterruptedException {
    long end = clock.now() + span.toNanos();
    for (long left = span.toNanos(); left > 0 && !closing; left = end - clock.now()) {
      boolean _ = wake.await(shorter(Duration.ofNanos(left), LOOK));
    }
  }

  /// Tries to have the Lease, and says what keeps it from that.
  private Lock.Outcome attempt(Duration limit) throws InterruptedException {
    Lock before = lock;
    Lock.Outcome outcome = within(limit, () -> before.acquire(world, clock, api));
    switch (outcome) {
      case Lock.Outcome.Held(var now, _) -> {
        lock = now;
        tell("");
      }
      case Lock.Outcome.Taken(var now, var holder) -> {
        lock = now;
        tell(holder);
      }
      case Lock.Outcome.Failed(var problem) -> {
        if (leading || pause.compareTo(settings.retryPeriod()) >= 0) {
          task.problem("cannot acquire or renew the lease " + settings + ": " + problem);
        }
      }
    }
    return outcome;
  }

  private void tell(String holder) {
    task.problem("");
    pause = FIRST_PAUSE;
    if (!holder.equals(reported) && !holder.isEmpty()) {
      LOG.log(Level.INFO, "another process leads: lease={0} holder={1}", settings, holder);
    }
    reported = holder;
  }

  /// Makes requests beside the loop, which must not wait for them longer than for a time.
  private Lock.Outcome within(Duration limit, Supplier<Lock.Outcome> requests)
      throws InterruptedException {
    AtomicReference<Lock.@Nullable Outcome> answered = new AtomicReference<>();
    Gate done = world.gate();
    Task asking =
        world.start(
            "lease-" + settings.name(),
            () -> {
              try {
                answered.set(requests.get());
              } finally {
                done.open();
              }
            });
    long end = clock.now() + limit.toNanos();
    for (long left = limit.toNanos(); left > 0; left = end - clock.now()) {
      if (done.await(shorter(Duration.ofNanos(left), LOOK))) {
        break;
      }
    }
    Lock.Outcome outcome = answered.get();
    if (outcome != null) {
      return outcome;
    }
    asking.interrupt();
    return new Lock.Outcome.Failed("no answer after " + limit);
  }

  private void release() throws InterruptedException {
    Lock held = lock;
    Lock.Outcome _ =
        within(
            settings.patience(),
            () -> {
              try {
                held.release(world, api);
              } catch (ApiException e) {
                LOG.log(Level.INFO, "the lease ends by itself: {0}", e.message());
              }
              return new Lock.Outcome.Taken(held, "");
            });
  }

  private void report(String what) {
    events.record(reference(), "Normal", REASON, settings.identity() + " " + what);
  }

  private Struct reference() {
    Struct metadata = lock.lease().struct("metadata");
    return Struct.of("kind", "Lease", "apiVersion", "coordination.k8s.io/v1")
        .with("namespace", settings.namespace())
        .with("name", settings.name())
        .with("uid", metadata.string("uid"))
        .with("resourceVersion", metadata.string("resourceVersion"));
  }

  private void flushEvents() {
    try {
      events.flush(settings.retryPeriod());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends the parts, gives the Lease up if it is held, and waits until both is done.
  @Override
  public void close() {
    closing = true;
    wake.open();
    try {
      task.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    task.close();
    flushEvents();
    events.close();
  }
}
