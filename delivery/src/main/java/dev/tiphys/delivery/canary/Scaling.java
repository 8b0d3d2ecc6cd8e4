package dev.tiphys.delivery.canary;

import dev.tiphys.delivery.model.Canary;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.delivery.pass.ScaleDown;
import java.time.Duration;
import java.util.List;

/// Gives the revisions of a canary their sizes.
///
/// Threads: one.
final class Scaling {

  private final Pass pass;
  private final Plan plan;
  private final CanaryServices services;
  private final TrafficPass traffic;
  private final Canary strategy;

  Scaling(Pass pass, Plan plan, CanaryServices services, TrafficPass traffic) {
    this.pass = pass;
    this.plan = plan;
    this.services = services;
    this.traffic = traffic;
    this.strategy = pass.rollout().canary();
  }

  void run() {
    if (!pass.status().isAborted()) {
      pass.keep(pass.newest());
    }
    ReplicaSet stable = pass.stable();
    if (stable != null && !plan.isDirect()) {
      pass.keep(stable);
    }
    resize();
    scaleOthers();
  }

  /// Canary and stable version only.
  void resize() {
    if (!strategy.isRouted()) {
      basic();
    } else if (plan.isDirect()) {
      pass.scale(pass.newest(), pass.rollout().replicas());
    } else if (pass.status().isAborted()) {
      goBack();
    } else {
      routed();
    }
  }

  private void basic() {
    ReplicaSet stable = pass.stable();
    boolean direct = plan.isDirect() || stable == null;
    Sizes sizes =
        plan.basic()
            .next(
                Version.of(pass.newest()),
                direct ? Version.NONE : Version.of(stable),
                ReplicaSet.replicas(pass.others()));
    if (!direct && stable != null) {
      pass.scale(stable, served(stable, sizes.stable()));
    }
    pass.scale(pass.newest(), served(pass.newest(), sizes.canary()));
  }

  /// A revision that a Service selects keeps a Pod until the Service has moved.
  private long served(ReplicaSet set, long size) {
    return services.selects(set) ? Math.max(size, Math.min(1, set.replicas())) : size;
  }

  /// Whether the stable version is about to lose its last Pod to a canary that gets everything,
  /// though it is not promoted yet.
  boolean isStableLeaving() {
    ReplicaSet stable = pass.stable();
    return !strategy.isRouted()
        && stable != null
        && !plan.isDirect()
        && stable.replicas() <= 1
        && plan.basic().nearest().stable() == 0
        && pass.newest().available() > 0;
  }

  private void routed() {
    ReplicaSet stable = pass.stable();
    boolean draining = traffic.isDraining();
    Sizes sizes = plan.routed().of(plan.weight(), draining ? 0 : traffic.live(), plan.fixedSize());
    if (stable != null) {
      // the share of a canary that was replaced comes back to the stable version
      pass.scale(stable, draining ? pass.rollout().replicas() : stableSize(stable, sizes));
    }
    pass.scale(pass.newest(), sizes.canary());
  }

  /// A stable version does not shrink before its share has.
  private long stableSize(ReplicaSet stable, Sizes sizes) {
    long needed = plan.routed().needed(strategy.maxWeight() - traffic.live());
    return sizes.stable() < stable.replicas() ? Math.max(sizes.stable(), needed) : sizes.stable();
  }

  private void goBack() {
    ReplicaSet stable = pass.stable();
    if (stable == null) {
      return;
    }
    pass.scale(stable, pass.rollout().replicas());
    ReplicaSet newest = pass.newest();
    long delay = strategy.abortScaleDownDelaySeconds();
    boolean unused = traffic.live() == 0 && !services.selects(newest);
    if (newest.replicas() > 0
        && unused
        && delay > 0
        && stable.available() >= pass.rollout().replicas()) {
      ScaleDown.atDeadline(pass, newest, Duration.ofSeconds(delay));
    } else {
      pass.scale(newest, newest.replicas());
    }
  }

  /// Those that neither status nor Services nor traffic refers to.
  List<ReplicaSet> unused() {
    return pass.others().stream()
        .filter(set -> !services.selects(set) && !traffic.carries(set))
        .toList();
  }

  private void scaleOthers() {
    if (!strategy.isRouted()) {
      drain();
      return;
    }
    Duration delay = Duration.ofSeconds(strategy.scaleDownDelaySeconds());
    ScaleDown later = new ScaleDown(pass, delay, strategy.scaleDownDelayRevisions());
    if (plan.isDirect()) {
      later.run(unused());
      return;
    }
    // what was replaced before it was complete goes at once
    later.run(unused().stream().filter(ReplicaSet::hasDeadline).toList());
    unused().stream()
        .filter(set -> !set.hasDeadline() && set.replicas() > 0)
        .forEach(set -> pass.scale(set, 0));
  }

  /// Where Pods alone share the traffic, others go as far as availability allows; what is not
  /// available serves nothing and goes at once.
  private void drain() {
    long least = pass.rollout().replicas() - strategy.maxUnavailable();
    long spare = ReplicaSet.available(pass.all()) - least;
    for (ReplicaSet set : unused().stream().sorted(ReplicaSet.BY_AGE).toList()) {
      if (set.replicas() == 0) {
        continue;
      }
      long serving = Math.min(set.available(), set.replicas());
      long gone = Math.clamp(spare, 0, serving);
      spare -= gone;
      pass.scale(set, serving - gone);
    }
  }
}
