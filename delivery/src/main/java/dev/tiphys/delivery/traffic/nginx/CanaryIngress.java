package dev.tiphys.delivery.traffic.nginx;

import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.model.Canary;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.delivery.traffic.Routing;
import dev.tiphys.delivery.traffic.RoutingException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The Ingress that gives the canary its share of what another Ingress routes. Pure.
///
/// @param routing whose share it is
/// @param stable the Ingress of the stable version
public record CanaryIngress(Routing routing, Struct stable) {

  private static final String CLASS = "kubernetes.io/ingress.class";
  private static final String PREFIX = "nginx.ingress.kubernetes.io";
  private static final int LONGEST_NAME = 253;

  String name() {
    return name(routing.pass().rollout(), Meta.of(stable).name());
  }

  /// @param stable the name of the Ingress of the stable version
  public static String name(Rollout rollout, String stable) {
    String name = rollout.name() + "-" + stable + "-canary";
    return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
  }

  /// @param present as it is; null if there is none
  /// @param weight the canary's share
  Struct with(@Nullable Struct present, long weight) {
    StructBuilder annotations =
        StructBuilder.from(present == null ? Struct.EMPTY : Meta.of(present).annotations());
    annotations.addUnlessEmpty(CLASS, Meta.of(stable).annotation(CLASS));
    Canary strategy = routing.pass().rollout().canary();
    Struct nginx = strategy.trafficRouting().struct("nginx");
    String given = nginx.string("annotationPrefix");
    String prefix = given.isEmpty() ? PREFIX : given;
    nginx
        .struct("additionalIngressAnnotations")
        .forEach(
            (key, value) ->
                annotations.add(key.startsWith(prefix + "/") ? key : prefix + "/" + key, value));
    annotations.addAll(nginx.struct("canaryIngressAnnotations"));
    annotations.add(prefix + "/canary", "true");
    annotations.add(prefix + "/canary-weight", Long.toString(weight));
    if (strategy.trafficRouting().has("maxTrafficWeight")) {
      annotations.add(prefix + "/canary-weight-total", Long.toString(strategy.maxWeight()));
    }
    Struct base = present == null ? fresh() : present;
    return base.withAt(annotations.build(), "metadata", "annotations").with("spec", spec());
  }

  private Struct fresh() {
    Struct metadata =
        new StructBuilder()
            .add("name", name())
            .add("namespace", Meta.of(stable).namespace())
            .add("ownerReferences", List.of(routing.pass().rollout().meta().asController()))
            .build();
    return new StructBuilder()
        .add("apiVersion", ApiResource.INGRESSES.apiVersion())
        .add("kind", ApiResource.INGRESSES.kind())
        .add("metadata", metadata)
        .build();
  }

  private Struct spec() {
    List<Struct> rules = new ArrayList<>();
    for (Struct rule : stable.structs("spec", "rules")) {
      List<Struct> paths =
          rule.structs("http", "paths").stream().filter(this::isStable).map(this::moved).toList();
      if (!paths.isEmpty()) {
        rules.add(rule.withAt(paths, "http", "paths"));
      }
    }
    if (rules.isEmpty()) {
      throw new RoutingException(
          "ingress `%s` has no rules using service %s backend"
              .formatted(Meta.of(stable).name(), routing.stableService()));
    }
    return new StructBuilder()
        .addUnlessEmpty("ingressClassName", stable.string("spec", "ingressClassName"))
        .addUnlessEmpty("tls", stable.list("spec", "tls"))
        .add("rules", rules)
        .build();
  }

  private boolean isStable(Struct path) {
    return path.string("backend", "service", "name").equals(routing.stableService());
  }

  private Struct moved(Struct path) {
    return path.withAt(routing.canaryService(), "backend", "service", "name");
  }
}
