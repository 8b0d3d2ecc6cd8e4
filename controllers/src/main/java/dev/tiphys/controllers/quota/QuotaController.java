package dev.tiphys.controllers.quota;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.controllers.quota.CountedKinds.Counted;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.quota.Evaluators;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps the status of ResourceQuotas true. Admission charges what is written; here it is counted
/// what there is: when a quota is new or changed, when objects that it is about go, shortly after
/// charges, since some are for writes that failed, and every few minutes.
///
/// What was charged a moment ago is never taken back, though it can't be found: else two writers
/// could both get the last of something.
///
/// A count costs as much as there are objects of the counted kinds in the namespace.
public final class QuotaController implements Component {

  /// The controller's name, and that of its service account.
  public static final String NAME = "resourcequota-controller";

  static final ApiResource QUOTAS =
      new ApiResource(new GroupVersion("", "v1"), "resourcequotas", "ResourceQuota", true);

  private static final Duration RESYNC = Duration.ofMinutes(5);
  private static final Duration NOT_SERVED = Duration.ofSeconds(30);
  private static final Duration LISTING = Duration.ofMillis(50);

  private final World world;
  private final Api api;
  private final ObjectIndex byNamespace;
  private final Charges charges;
  private final CountedKinds kinds;
  private final Controller controller;

  /// Quotas that are going to be looked at when what is in flight has arrived.
  private final Set<ObjectKey> waiting = ConcurrentHashMap.newKeySet();

  public QuotaController(World world, Api api, ClusterView cluster, int workers) {
    this.world = world;
    this.api = api;
    Informer quotas = cluster.of(QUOTAS);
    this.byNamespace = quotas.index(quota -> List.of(Meta.of(quota).namespace()));
    this.charges = new Charges(world);
    this.kinds = new CountedKinds(world, api, cluster, this::limited, this::released);
    this.controller = new Controller(NAME, world, workers, this::reconcile);
    quotas.listen(
        new Informer.Listener() {
          @Override
          public void added(Struct quota) {
            charges.observe(ObjectKey.of(quota), quota);
            controller.enqueue(quota);
          }

          @Override
          public void updated(Struct before, Struct now) {
            ObjectKey key = ObjectKey.of(now);
            charges.observe(key, now);
            if (!before.struct("spec").equals(now.struct("spec"))) {
              controller.enqueue(now);
            } else if (waiting.add(key)) {
              controller.queue().addAfter(key, Charges.IN_FLIGHT);
            }
          }

          @Override
          public void deleted(Struct last) {
            charges.forget(ObjectKey.of(last));
          }
        });
  }

  /// Whether a namespace has a quota.
  private boolean limited(String namespace) {
    return !byNamespace.with(namespace).isEmpty();
  }

  /// Looks at the quotas of a namespace that an object counts for.
  private void released(String groupResource, Struct object) {
    for (Struct quota : byNamespace.with(Meta.of(object).namespace())) {
      Set<String> hard = new TreeSet<>(quota.struct("spec", "hard").names());
      if (!Evaluators.of(groupResource).matching(hard).isEmpty()) {
        controller.queue().add(ObjectKey.of(quota), Meta.of(object).revision());
      }
    }
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    waiting.remove(key);
    Charges.State state = charges.state(key);
    if (state == null) {
      return Outcome.DONE;
    }
    Usage usage = new Usage(state.quota());
    boolean served = true;
    for (String groupResource : counted(usage)) {
      Counted kind = kinds.find(groupResource);
      if (kind == null) {
        served = false;
      } else if (!kind.synced()) {
        return Outcome.again(LISTING);
      } else {
        usage.add(kind.evaluator(), kind.in(key.namespace()), world.now());
      }
    }
    Struct next = usage.next(state.inFlight());
    if (!next.struct("status").equals(state.quota().struct("status"))) {
      api.update(QUOTAS, next, "status");
    }
    if (!state.inFlight().isEmpty()) {
      return Outcome.again(Charges.IN_FLIGHT);
    }
    return Outcome.again(served ? RESYNC : NOT_SERVED);
  }

  /// The resources whose objects a quota counts.
  private static Set<String> counted(Usage usage) {
    Set<String> resources = new TreeSet<>();
    usage.hard().keySet().forEach(name -> resources.addAll(Evaluators.resourcesOf(name)));
    return resources;
  }

  @Override
  public void close() {
    controller.close();
    kinds.close();
  }
}
