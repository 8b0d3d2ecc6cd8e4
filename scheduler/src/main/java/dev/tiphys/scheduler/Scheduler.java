package dev.tiphys.scheduler;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informers;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.Nominations;
import dev.tiphys.scheduler.config.ProfileConfiguration;
import dev.tiphys.scheduler.config.SchedulerConfiguration;
import dev.tiphys.scheduler.config.fields.ConfigurationException;
import dev.tiphys.scheduler.decisions.Decision;
import dev.tiphys.scheduler.decisions.DecisionLog;
import dev.tiphys.scheduler.decisions.Roster;
import dev.tiphys.scheduler.evaluation.Evaluations;
import dev.tiphys.scheduler.events.Interest;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.extenders.Extenders;
import dev.tiphys.scheduler.framework.EnqueueExtensions;
import dev.tiphys.scheduler.framework.Plugin;
import dev.tiphys.scheduler.framework.PluginFactory;
import dev.tiphys.scheduler.framework.Profile;
import dev.tiphys.scheduler.metrics.SchedulerMetrics;
import dev.tiphys.scheduler.plugins.DefaultPlugins;
import dev.tiphys.scheduler.profiles.ProfileBuilder;
import dev.tiphys.scheduler.queue.Backoff;
import dev.tiphys.scheduler.queue.QueuedPod;
import dev.tiphys.scheduler.queue.SchedulingQueue;
import dev.tiphys.scheduler.reports.EventBroadcaster;
import dev.tiphys.scheduler.reports.PodStatusWriter;
import dev.tiphys.scheduler.reports.Reports;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Timer;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
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
  private final Api api;
  private final String host;
  private final Informers informers;

  /// About what not every API server serves; it is not waited for.
  private final Informers unawaited;

  private final Inbox inbox;
  private final Cluster cluster = new Cluster();
  private final Nominations nominations = new Nominations(cluster);
  private final SchedulerMetrics metrics = new SchedulerMetrics();
  private final DecisionLog tries = new DecisionLog();
  private final Map<String, BindingCycle> waiting = new ConcurrentHashMap<>();
  private final List<EventBroadcaster> recorders = new ArrayList<>();
  private final RandomGenerator random;
  private final SchedulingQueue queue;
  private final Writers writers;
  private final BindingCycles bindings;
  private final Consultations consultations;
  private final Cycle cycle;
  private final GroupCycle groups;
  private final Decisions decisions;
  private final Afterthoughts afterthoughts;
  private @Nullable SupervisedTask task;
  private volatile @Nullable Timer flush;
  private volatile boolean observing;
  private volatile boolean scheduling;
  private volatile boolean closed;

  public Scheduler(World world, Api api) {
    this(world, api, SchedulerConfiguration.DEFAULT);
  }

  /// @throws ConfigurationException if the configuration names plugins that there are not
  public Scheduler(World world, Api api, SchedulerConfiguration configuration) {
    this(world, api, configuration, "localhost");
  }

  /// @param host where it runs, for Events
  /// @throws ConfigurationException if the configuration names plugins that there are not
  public Scheduler(World world, Api api, SchedulerConfiguration configuration, String host) {
    this(world, api, configuration, host, Extenders.overHttp(configuration.extenders()));
  }

  private Scheduler(
      World world,
      Api api,
      SchedulerConfiguration configuration,
      String host,
      Extenders extenders) {
    this(world, api, configuration, host, DefaultPlugins.all(extenders), extenders);
  }

  /// @param plugins what makes plugins, by their names
  Scheduler(
      World world,
      Api api,
      SchedulerConfiguration configuration,
      String host,
      Map<String, PluginFactory> plugins,
      Extenders extenders) {
    this.world = world;
    this.api = api;
    this.host = host;
    this.informers = new Informers(world, api);
    this.unawaited = new Informers(world, api);
    this.inbox = new Inbox(world);
    this.random = new SplittableRandom(world.random().nextLong());
    this.writers =
        new Writers(world, "scheduler-writer", (int) configuration.parallelism() * 2, inbox::wake);
    Map<String, ProfileWork> profiles = new LinkedHashMap<>();
    for (ProfileConfiguration profile : configuration.profiles()) {
      profiles.put(
          profile.scheduler(),
          work(
              profile.ignoring(configuration.resourcesOfExtenders()),
              plugins,
              extenders,
              configuration.nodesToScore(),
              configuration.gates()));
    }
    this.queue =
        new SchedulingQueue(
            world,
            profiles.values().stream().map(ProfileWork::profile).toList(),
            new Backoff(configuration.firstBackoff(), configuration.longestBackoff()),
            metrics.queue(),
            inbox::wake);
    this.bindings = new BindingCycles(world, cluster, queue, writers, inbox, waiting);
    this.consultations =
        new Consultations(world, extenders, informers.of(ApiResource.NODES), cluster, inbox);
    Roster roster = new Roster(cluster);
    this.afterthoughts =
        new Afterthoughts(world, cluster, nominations, profiles, tries, roster, inbox::wake);
    this.cycle =
        new Cycle(
            world,
            cluster,
            queue,
            nominations,
            profiles,
            bindings,
            consultations,
            afterthoughts,
            roster,
            random);
    this.groups =
        new GroupCycle(queue, nominations, bindings, profiles, this::scheduleOne, cycle::fail);
    this.decisions =
        new Decisions(informers.of(ApiResource.PODS), cluster, queue, nominations, profiles, tries);
    new EventHandlers(inbox, cluster, queue, nominations, bindings, tries, profiles.keySet())
        .listenTo(informers, unawaited, awaited(profiles));
  }

  private ProfileWork work(
      ProfileConfiguration configuration,
      Map<String, PluginFactory> plugins,
      Extenders extenders,
      long nodesToScore,
      FeatureGates gates) {
    EventBroadcaster events =
        new EventBroadcaster(
            world, api, configuration.scheduler(), host, () -> scheduling || writers.busy());
    recorders.add(events);
    SchedulerHandle handle =
        new SchedulerHandle(
            configuration.scheduler(),
            gates,
            world,
            api,
            informers,
            unawaited,
            cluster,
            nominations,
            events,
            metrics,
            random,
            writers,
            inbox,
            waiting,
            pod -> queue().activate(pod));
    Profile built = ProfileBuilder.build(configuration, plugins, handle, nodesToScore);
    Profile profile = extenders.binder().map(built::boundBy).orElse(built);
    return new ProfileWork(
        profile,
        new Evaluations(profile, cluster),
        new Reports(new PodStatusWriter(world, api), events, writers::write),
        metrics,
        tries);
  }

  /// The queue, for plugins that were made before it.
  private SchedulingQueue queue() {
    return queue;
  }

  /// What some plugin waits for.
  private static Set<Resource> awaited(Map<String, ProfileWork> profiles) {
    Set<Resource> awaited = EnumSet.of(Resource.NODE);
    for (ProfileWork work : profiles.values()) {
      for (Plugin plugin : work.profile().plugins()) {
        if (plugin instanceof EnqueueExtensions extensions) {
          extensions.events().stream().map(Interest::resource).forEach(awaited::add);
        }
      }
    }
    return awaited;
  }

  /// What was decided about a Pod, and what every plugin thinks of every node for it now. Waits
  /// until that is worked out.
  ///
  /// @return absent if there is no such Pod, or if it is none of this scheduler's, or has run its
  ///   course
  public Optional<Decision> why(String namespace, String name) throws InterruptedException {
    informers.awaitSynced();
    return ask(() -> decisions.of(namespace, name));
  }

  /// What is counted, in Prometheus' text format. Waits until that is put together.
  public String metrics() throws InterruptedException {
    return ask(
        () -> {
          Exposition out = new Exposition();
          metrics.write(
              out,
              new SchedulerMetrics.State(
                  queue.pending(),
                  queue.refused(),
                  queue.inFlight(),
                  cluster.nodes().size(),
                  cluster.size(),
                  cluster.assumed(),
                  bindings.size()));
          return out.toString();
        });
  }

  /// Has something found out on the scheduling task.
  private <T> T ask(Supplier<T> question) throws InterruptedException {
    Gate gate = world.gate();
    AtomicReference<@Nullable T> answer = new AtomicReference<>();
    inbox.post(
        () -> {
          try {
            answer.set(question.get());
          } finally {
            gate.open();
          }
        });
    gate.await();
    T found = answer.get();
    if (found == null) {
      throw new IllegalStateException("the question could not be answered; the log says why");
    }
    return found;
  }

  /// Begins to know the cluster, in the background, without scheduling anything: to answer [#why].
  public void observe() {
    observing = true;
    informers.start();
    unawaited.start();
    task = world.supervisor().start("scheduler", this::run);
  }

  /// Begins to schedule, in the background, once it knows the cluster.
  public void start() {
    informers.start();
    unawaited.start();
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
      boolean crowded = writers.crowded();
      QueuedPod next = observing || crowded ? null : queue.pop();
      scheduling = next != null || crowded;
      if (next != null) {
        groups.schedule(next);
      } else if (crowded || !afterthoughts.think()) {
        recorders.forEach(EventBroadcaster::look);
        inbox.await();
      }
    }
  }

  /// Whatever goes wrong with one Pod, the next one has its turn.
  private void scheduleOne(QueuedPod next) {
    try {
      cycle.schedule(next);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "scheduling failed: pod=" + next.pod(), e);
      cycle.abandon(next, e);
    }
  }

  /// Ends it, and waits until it has ended. Pods that are being bound may or may not be.
  @Override
  public void close() {
    closed = true;
    informers.close();
    unawaited.close();
    Timer timer = flush;
    if (timer != null) {
      timer.cancel();
    }
    SupervisedTask own = task;
    if (own != null) {
      own.close();
    }
    queue.close();
    consultations.close();
    bindings.close();
    writers.close();
    recorders.forEach(EventBroadcaster::close);
  }
}
