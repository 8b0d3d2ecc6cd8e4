package dev.tiphys.network.proxy;

import dev.tiphys.client.Api;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.conntrack.Fill;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// The proxy of one node: follows Services and their endpoints, and has the kernel send connections
/// accordingly.
///
/// What changes is in the kernel as soon as it is known, in one transaction for all that changes
/// together; nothing is done when nothing changes, but for a look every 30 s at whether the rules
/// are still there. What the kernel refuses does not keep the rest from it.
///
/// Threads: any.
public final class Proxy implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(30);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final System.Logger LOG = System.getLogger(Proxy.class.getName());

  private final World world;
  private final Observed observed;
  private final Terminations terminations;
  private final Rules rules;
  private final SupervisedTask task;
  private final NetlinkSocket socket;
  private final EventRecorder events;
  private boolean stale = true;

  /// @param api as `system:kube-proxy` sees it
  /// @throws IOException if the kernel cannot be asked
  public Proxy(World world, Api api, NetworkSettings settings) throws IOException {
    this.world = world;
    this.observed = new Observed(world, api, settings.node());
    this.terminations = new Terminations(world, observed::slices);
    this.socket = settings.namespace().open(NetlinkSocket.NETFILTER);
    this.rules = new Rules(settings, observed, socket);
    this.task = world.supervisor().task("proxy", OnFailure.RESTART);
    this.events = new EventRecorder(world, api, "kube-proxy", settings.node());
  }

  /// Starts to work, and returns at once.
  public void start() {
    observed.start();
    task.start(this::run);
  }

  /// Waits until no new connections are sent to a Pod that is being deleted.
  ///
  /// @return whether that happened before the limit
  public boolean awaitDrained(Struct pod, Duration limit) throws InterruptedException {
    return terminations.await(Meta.of(pod), limit);
  }

  /// The newest revision of EndpointSlices that the rules are as they want; 0 before the first.
  public long served() {
    return terminations.served();
  }

  private void run() throws InterruptedException {
    observed.awaitSynced();
    stale = true;
    Duration pause = FIRST_PAUSE;
    while (true) {
      Observed.Changes changes = observed.take();
      try {
        follow(changes);
        pause = FIRST_PAUSE;
        report();
        terminations.served(changes.slices());
        if (!observed.changed().await(LOOK)) {
          look();
        }
      } catch (IOException e) {
        stale = true;
        task.problem("the kernel takes no rules of services: " + e.getMessage());
        world.background().sleep(pause);
        pause = pause.multipliedBy(2).compareTo(LOOK) > 0 ? LOOK : pause.multipliedBy(2);
      }
    }
  }

  /// Makes the rules as they are to be.
  private void follow(Observed.Changes changes) throws IOException {
    if (!stale && !changes.everything()) {
      try {
        if (!rules.change(changes.services())) {
          return;
        }
      } catch (IOException e) {
        LOG.log(
            Level.WARNING,
            "the rules of services are made anew, since the kernel refuses a change: {0}",
            e.getMessage());
      }
    }
    // A change is refused as well if another program has changed the table.
    stale = true;
    rules.rebuild();
    stale = false;
  }

  /// Says of each Service that the kernel does not take its rules. It keeps those that it has.
  private void report() {
    StringBuilder problem = new StringBuilder();
    for (Rules.Refusal refusal : rules.refused()) {
      problem.append(problem.isEmpty() ? "the kernel refuses the rules of " : ", ");
      problem.append(refusal.port()).append(" (").append(refusal.reason()).append(')');
      Struct service = observed.service(refusal.service());
      if (service != null) {
        events.warning(
            service,
            "FailedToProgramRules",
            "The kernel refuses the rules of port %s: %s"
                .formatted(refusal.port(), refusal.reason()));
      }
    }
    task.problem(problem.toString());
  }

  /// Looks whether all is well although nothing has changed.
  private void look() throws IOException {
    stale = !rules.isThere() || !rules.refused().isEmpty();
    Fill fill = Fill.of(socket);
    if (fill.isFull()) {
      LOG.log(
          Level.WARNING,
          "the kernel drops new connections, since its table of connections is full: entries={0}"
              + " most={1}; raise net.netfilter.nf_conntrack_max",
          fill.entries(),
          fill.most());
    }
  }

  /// Ends the proxy. The rules stay, and connections go on.
  @Override
  public void close() {
    task.close();
    events.close();
    observed.close();
    socket.close();
  }
}
