package dev.tiphys.delivery.validation;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.delivery.analysis.Templates;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.delivery.traffic.istio.IstioResources;
import dev.tiphys.delivery.traffic.nginx.NginxRouter;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is wrong between a Rollout and the objects that it refers to.
///
/// @param services all Services
/// @param rollouts all Rollouts
/// @param stable the revision that serves; null if none does
record ReferenceRules(
    Api api,
    Informer services,
    Informer rollouts,
    Rollout rollout,
    @Nullable ReplicaSet stable,
    Problems problems) {

  private static final String BLUE_GREEN = "spec.strategy.blueGreen";
  private static final String CANARY = "spec.strategy.canary";

  void check() {
    Struct strategy = rollout.spec().struct("strategy");
    if (rollout.isBlueGreen()) {
      Struct spec = strategy.struct("blueGreen");
      service(spec, BLUE_GREEN, "activeService", true);
      service(spec, BLUE_GREEN, "previewService", false);
      analysis(spec.struct("prePromotionAnalysis"), BLUE_GREEN + ".prePromotionAnalysis", false);
      analysis(spec.struct("postPromotionAnalysis"), BLUE_GREEN + ".postPromotionAnalysis", false);
      return;
    }
    Struct spec = strategy.struct("canary");
    service(spec, CANARY, "stableService", true);
    service(spec, CANARY, "canaryService", false);
    service(spec.struct("pingPong"), CANARY + ".pingPong", "pingService", false);
    service(spec.struct("pingPong"), CANARY + ".pingPong", "pongService", false);
    routes();
    analysis(spec.struct("analysis"), CANARY + ".analysis", true);
    List<Struct> steps = spec.structs("steps");
    for (int i = 0; i < steps.size(); i++) {
      String path = CANARY + ".steps[" + i + "]";
      analysis(steps.get(i).struct("analysis"), path + ".analysis", false);
      for (Struct analysis : steps.get(i).structs("experiment", "analyses")) {
        analysis(Struct.of("templates", List.of(analysis)), path + ".experiment.analyses", true);
      }
    }
  }

  /// What shares are to be written to must be there.
  private void routes() {
    Struct routing = rollout.canary().trafficRouting();
    String istio = CANARY + ".trafficRouting.istio.";
    String field =
        istio + (routing.has("istio", "virtualServices") ? "virtualServices" : "virtualService");
    for (ObjectKey key : IstioResources.virtualServices(rollout)) {
      present(IstioResources.VIRTUAL_SERVICES, key, field + ".name");
    }
    String nginx = CANARY + ".trafficRouting.nginx.";
    field = nginx + (routing.has("nginx", "stableIngresses") ? "stableIngresses" : "stableIngress");
    for (String name : NginxRouter.ingresses(rollout)) {
      present(ApiResource.INGRESSES, new ObjectKey(rollout.namespace(), name), field);
    }
  }

  private void present(ApiResource resource, ObjectKey key, String path) {
    if (api.find(resource, key.namespace(), key.name()) == null) {
      problems.invalid(
          path,
          key.name(),
          "%s.%s \"%s\" not found"
              .formatted(resource.plural(), resource.groupVersion().group(), key.name()));
    }
  }

  /// @param serves whether all traffic goes through it, so that it must select what serves now too
  private void service(Struct holder, String path, String field, boolean serves) {
    String name = holder.string(field);
    if (name.isEmpty()) {
      return;
    }
    Struct service = services.find(rollout.namespace(), name);
    if (service == null) {
      problems.invalid(path + "." + field, name, "service \"" + name + "\" not found");
      return;
    }
    Struct selector = service.struct("spec", "selector");
    Struct labels = rollout.template().struct("metadata", "labels");
    for (String key : selector.names()) {
      if (key.equals(Labels.HASH)) {
        continue;
      }
      if (!selector.string(key).equals(labels.string(key))) {
        problems.invalid(path + "." + field, name, unmatched(name, key, "rollout"));
      } else if (serves && stable != null && !selects(stable, key, selector.string(key))) {
        problems.invalid(path + "." + field, name, unmatched(name, key, "stable ReplicaSet"));
      }
    }
    owner(service, path + "." + field, name);
  }

  private static boolean selects(ReplicaSet set, String key, String value) {
    return set.template().struct("metadata", "labels").string(key).equals(value);
  }

  private static String unmatched(String service, String key, String where) {
    return "Service \"%s\" has unmatch label \"%s\" in %s".formatted(service, key, where);
  }

  private void owner(Struct service, String path, String name) {
    String manager = Meta.of(service).annotation(Labels.MANAGED_BY);
    if (manager.isEmpty()
        || manager.equals(rollout.name())
        || rollouts.find(rollout.namespace(), manager) == null) {
      return;
    }
    problems.invalid(path, name, "Service \"" + name + "\" is managed by another Rollout");
  }

  private void analysis(Struct analysis, String path, boolean endless) {
    if (analysis.isEmpty()) {
      return;
    }
    try {
      Templates templates = Templates.of(api, rollout.namespace(), analysis);
      if (endless) {
        return;
      }
      for (Struct metric : templates.metrics()) {
        if (metric.has("interval") && !metric.has("count")) {
          String name = analysis.structs("templates").getFirst().string("templateName");
          problems.invalid(
              path + ".templates",
              name,
              "AnalysisTemplate %s has metric %s which runs indefinitely. Invalid value for count: <nil>"
                  .formatted(name, metric.string("name")));
        }
      }
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
      String name = e.status().string("details", "name");
      problems.invalid(path + ".templates", name, "AnalysisTemplate '" + name + "' not found");
    }
  }
}
