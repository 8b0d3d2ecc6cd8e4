package dev.tiphys.monitoring.prometheus;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.RetryPolicy;
import dev.tiphys.client.leader.Charge;
import dev.tiphys.monitoring.model.MonitoringResources;
import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.monitoring.program.ProgramState;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Keeps a server for each Prometheus object, as long as that is there and this process is in
/// charge. It looks when what the object selects changes, or what that refers to; when the server
/// begins to answer, or ends; and again and again, to see how the scrapes go.
///
/// Threads: any.
public final class PrometheusController implements AutoCloseable {

  static final Duration PERIOD = Duration.ofSeconds(15);

  private static final String NAME = "prometheus";
  private static final int WORKERS = 2;
  private static final RetryPolicy POLICY =
      RetryPolicy.between(Duration.ofSeconds(1), Duration.ofMinutes(1));

  private final PrometheusTools tools;
  private final Charge charge;
  private final Tokens tokens;
  private final Controller controller;
  private final Map<ObjectKey, Running> running = new ConcurrentHashMap<>();

  /// Makes it; no informer is started yet.
  public PrometheusController(PrometheusTools tools, Charge charge) {
    this.tools = tools;
    this.charge = charge;
    this.tokens = new Tokens(tools.world(), tools.api());
    this.controller = new Controller(NAME, tools.world(), WORKERS, POLICY, this::reconcile);
    Objects objects = tools.objects();
    objects.prometheuses().listen(onSpec(false));
    for (ApiResource resource : MonitoringResources.ALL) {
      objects.kind(resource).listen(onSpec(true));
    }
    objects
        .around(ApiResource.NAMESPACES)
        .listen(
            new Informer.Listener() {
              @Override
              public void updated(Struct before, Struct now) {
                if (!Meta.of(before).labels().equals(Meta.of(now).labels())) {
                  all();
                }
              }
            });
    Informer.Listener ofReferences = Informer.Listener.ofAll(this::referred);
    objects.around(ApiResource.SECRETS).listen(ofReferences);
    objects.around(ApiResource.CONFIG_MAPS).listen(ofReferences);
    charge.onChange(this::all);
  }

  /// Status and managed fields are what is written here.
  private Informer.Listener onSpec(boolean concernsAll) {
    return new Informer.Listener() {
      @Override
      public void added(Struct object) {
        look(object);
      }

      @Override
      public void updated(Struct before, Struct now) {
        Meta one = Meta.of(before);
        Meta other = Meta.of(now);
        if (one.generation() != other.generation() || !one.labels().equals(other.labels())) {
          look(now);
        }
      }

      @Override
      public void deleted(Struct last) {
        look(last);
      }

      private void look(Struct object) {
        if (concernsAll) {
          all();
        } else {
          controller.enqueue(object);
        }
      }
    };
  }

  private void all() {
    tools.objects().prometheuses().list().forEach(controller::enqueue);
  }

  private void referred(Struct object) {
    ObjectKey key = ObjectKey.of(object);
    running.forEach(
        (prometheus, each) -> {
          if (each.references().contains(key)) {
            controller.queue().add(prometheus, Meta.of(object).revision());
          }
        });
  }

  /// Begins, once the informers are complete.
  public void start() {
    controller.start();
  }

  /// Has every Prometheus looked at: something else has changed that they are configured by.
  public void look() {
    all();
  }

  /// Where a Prometheus answers, if it does.
  public Optional<InetSocketAddress> address(ObjectKey prometheus) {
    Running found = running.get(prometheus);
    PrometheusServer server = found == null ? null : found.server();
    return server != null && server.state().ready()
        ? Optional.of(server.address())
        : Optional.empty();
  }

  /// Whether a Prometheus answers at an address (`host:port`), and is meant by a Service.
  public boolean isServed(ObjectKey service, String address) {
    return tools.objects().allPrometheuses().stream()
        .filter(each -> each.service().equals(service))
        .flatMap(each -> address(each.key()).stream())
        .anyMatch(
            each -> address.equals(each.getAddress().getHostAddress() + ":" + each.getPort()));
  }

  private Outcome reconcile(ObjectKey key) throws InterruptedException {
    Struct object = tools.objects().prometheuses().find(key);
    if (object == null || !charge.isOurs() || Meta.of(object).isBeingDeleted()) {
      stop(key);
      return Outcome.DONE;
    }
    Running kept = running.computeIfAbsent(key, this::made);
    return new PrometheusLook(tools, tokens, new Prometheus(object), kept).run();
  }

  private Running made(ObjectKey key) {
    return new Running(tools, key, state -> told(key, state));
  }

  private void told(ObjectKey key, ProgramState state) {
    @Nullable Struct object = tools.objects().prometheuses().find(key);
    if (object != null && !state.problem().isEmpty()) {
      tools
          .events()
          .warning(object, "Ended", "it has ended and is started again: " + state.problem());
    }
    controller.queue().add(key, 0);
  }

  private void stop(ObjectKey key) {
    Running kept = running.remove(key);
    if (kept != null) {
      kept.close();
      tools.targets().keep(key, Map.of());
    }
    tokens.forget(key);
    tools.verdicts().forget(key);
  }

  /// Ends all servers, and waits for their ends.
  @Override
  public void close() {
    controller.close();
    running.values().forEach(Running::close);
  }
}
