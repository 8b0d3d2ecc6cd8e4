package dev.tiphys.scheduler;

import dev.tiphys.client.Api;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informers;
import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.framework.Nominations;
import dev.tiphys.scheduler.framework.Profile;
import dev.tiphys.scheduler.plugins.DefaultPlugins;
import dev.tiphys.scheduler.preemption.DisruptionBudgets;
import dev.tiphys.scheduler.preemption.Preemption;
import dev.tiphys.scheduler.queue.QueuedPod;
import dev.tiphys.scheduler.queue.SchedulingQueue;
import dev.tiphys.scheduler.volumes.VolumeBinder;
import dev.tiphys.scheduler.volumes.VolumeBinding;
import dev.tiphys.scheduler.volumes.VolumeRestrictions;
import dev.tiphys.scheduler.volumes.VolumeZone;
import dev.tiphys.scheduler.volumes.Volumes;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Timer;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Gives every Pod that has no node one, and tells why where it can't.
///
/// What it knows it learns from the API, so it may be stopped and started at any time: Pods that
/// have a node keep it.
///
/// Threads: any.
public final class Scheduler implements AutoCloseable {

  /// The name by which it writes: the manager of the fields that it owns.
  public static final String PROGRAM = "kube-scheduler";

  private static final System.Logger LOG = System.getLogger(Scheduler.class.getName());
  private static final Duration FLUSH = Duration.ofSeconds(30);

  private final World world;
  private final Informers informers;
  private final Inbox inbox;
  private final SchedulingQueue queue;
  private final Writers writers;
  private final EventRecorder events;
  private final Cycle cycle;
  private final EventHandlers handlers;
  private @Nullable SupervisedTask task;
  private volatile @Nullable Timer flush;
  private volatile boolean closed;

  public Scheduler(World world, Api api) {
    this(world, api, SchedulerSettings.DEFAULT);
  }

  public Scheduler(World world, Api api, SchedulerSettings settings) {
    this.world = world;
    this.informers = new Informers(world, api);
    this.inbox = new Inbox(world);
    Cluster cluster = new Cluster();
    Volumes volumes = new Volumes(informers, () -> inbox.post(this::volumesChanged));
    VolumeBinding volumeBinding = new VolumeBinding(volumes);
    Profile profile =
        DefaultPlugins.of(
            cluster,
            List.of(
                new VolumeRestrictions(volumes, cluster), volumeBinding, new VolumeZone(volumes)));
    this.queue = new SchedulingQueue(world, profile.filters(), inbox::wake);
    Nominations nominations = new Nominations();
    this.writers = new Writers(world, "scheduler-writer", settings.writers(), inbox::wake);
    this.events = new EventRecorder(world, api, settings.name(), "");
    VolumeBinder volumeBinder =
        new VolumeBinder(world, api, volumes, volumeBinding, writers::write, inbox::post);
    this.cycle =
        new Cycle(
            cluster,
            queue,
            nominations,
            new Evaluations(profile, cluster, new DefaultSelectors(informers)),
            new Preemption(cluster, nominations, new DisruptionBudgets(informers)),
            volumeBinder,
            new Binder(api, writers),
            new Reports(world, api, writers, events, settings.name()),
            inbox,
            new SplittableRandom(world.random().nextLong()));
    this.handlers =
        new EventHandlers(inbox, cluster, queue, nominations, volumeBinder, settings.name());
    handlers.listenTo(informers);
  }

  private void volumesChanged() {
    handlers.volumesChanged();
  }

  /// Begins to schedule, in the background, once it knows the cluster.
  public void start() {
    informers.start();
    task = world.supervisor().start("scheduler", this::run);
    flushLater();
  }

  private void flushLater() {
    flush =
        world
            .background()
            .schedule(
                FLUSH,
                () -> {
                  inbox.post(queue::retryLongWaiting);
                  if (!closed) {
                    flushLater();
                  }
                });
  }

  private void run() throws InterruptedException {
    informers.awaitSynced();
    while (!closed) {
      inbox.drain();
      QueuedPod next = writers.crowded() ? null : queue.pop();
      if (next == null) {
        inbox.await();
      } else {
        schedule(next);
      }
    }
  }

  /// Whatever goes wrong with one Pod, the next one has its turn.
  private void schedule(QueuedPod next) {
    try {
      cycle.schedule(next);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "scheduling failed: pod=" + next.pod(), e);
      cycle.abandon(next);
    }
  }

  /// Ends it, and waits until it has ended. Pods that are being bound may or may not be.
  @Override
  public void close() {
    closed = true;
    informers.close();
    Timer timer = flush;
    if (timer != null) {
      timer.cancel();
    }
    SupervisedTask own = task;
    if (own != null) {
      own.close();
    }
    queue.close();
    writers.close();
    events.close();
  }
}
