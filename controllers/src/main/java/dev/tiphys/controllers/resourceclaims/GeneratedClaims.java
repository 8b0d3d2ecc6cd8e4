package dev.tiphys.controllers.resourceclaims;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.PatchType;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The claims that are made for Pods from templates.
///
/// Threads: any; for one Pod one at a time.
final class GeneratedClaims {

  private final Api api;
  private final Informer claims;
  private final Informer templates;
  private final ClaimMetrics metrics;
  private final ObjectIndex claimsByPod;

  /// Claims that were made and are not shown yet, by Pod and entry: they must not be made twice.
  private final Map<Place, String> made = new ConcurrentHashMap<>();

  private record Place(String podUid, String entry) {}

  /// Why a claim could not be made.
  ///
  /// @param entry the name of the Pod's entry
  record Problem(String entry, String message) {}

  GeneratedClaims(Api api, ClusterView cluster, ClaimMetrics metrics) {
    this.api = api;
    this.claims = cluster.of(ApiResource.RESOURCE_CLAIMS);
    this.templates = cluster.of(ApiResource.RESOURCE_CLAIM_TEMPLATES);
    this.metrics = metrics;
    metrics.count(claims);
    this.claimsByPod =
        claims.index(
            claim -> {
              Struct owner = PodClaims.owner(claim);
              return owner == null ? List.of() : List.of(owner.string("uid"));
            });
  }

  /// A claim is shown now.
  void seen(Struct claim) {
    Struct owner = PodClaims.owner(claim);
    if (owner != null) {
      made.remove(new Place(owner.string("uid"), Meta.of(claim).annotation(ClaimTemplate.ENTRY)));
    }
  }

  /// A Pod is gone.
  void forget(Struct pod) {
    PodClaims.entries(pod).forEach(entry -> made.remove(place(pod, entry.string("name"))));
  }

  /// Sees to it that a Pod has all claims that it has templates for, and knows their names. Returns
  /// why it has not; null if it has.
  @Nullable Problem ensure(Struct pod) {
    List<Struct> names = new ArrayList<>();
    for (Struct entry : PodClaims.entries(pod)) {
      if (isPresent(pod, entry) || !entry.has("resourceClaimTemplateName")) {
        continue;
      }
      String name = entry.string("name");
      String claim = find(pod, name);
      if (claim == null) {
        String template = entry.string("resourceClaimTemplateName");
        Struct source = templates.find(Meta.of(pod).namespace(), template);
        if (source == null) {
          return new Problem(
              name,
              "resource claim template \"%s\": resourceclaimtemplate.resource.k8s.io \"%s\" not found"
                  .formatted(template, template));
        }
        try {
          claim = make(source, pod, name);
        } catch (ApiException e) {
          return new Problem(name, "create ResourceClaim : " + e.message());
        }
      }
      names.add(Struct.of("name", name, "resourceClaimName", claim));
    }
    if (!names.isEmpty()) {
      tell(pod, names);
    }
    return null;
  }

  private boolean isPresent(Struct pod, Struct entry) {
    return switch (PodClaims.named(pod, entry)) {
      case PodClaims.Named.Unnamed() -> false;
      case PodClaims.Named.Unneeded() -> true;
      case PodClaims.Named.Of(String name, boolean generated) -> {
        Struct claim = claims.find(Meta.of(pod).namespace(), name);
        yield claim != null && (!generated || Meta.of(claim).isControlledBy(Meta.of(pod).uid()));
      }
    };
  }

  private static Place place(Struct pod, String entry) {
    return new Place(Meta.of(pod).uid(), entry);
  }

  /// The claim that was made for an entry before.
  private @Nullable String find(Struct pod, String entry) {
    for (Struct claim : claimsByPod.with(Meta.of(pod).uid())) {
      if (Meta.of(claim).annotation(ClaimTemplate.ENTRY).equals(entry)) {
        return Meta.of(claim).name();
      }
    }
    String name = made.get(place(pod, entry));
    if (name == null
        || api.find(ApiResource.RESOURCE_CLAIMS, Meta.of(pod).namespace(), name) != null) {
      return name;
    }
    made.remove(place(pod, entry)); // gone before it was ever shown
    return null;
  }

  private String make(Struct template, Struct pod, String entry) {
    Struct claim = create(ClaimTemplate.claim(template, pod, entry));
    String name = Meta.of(claim).name();
    made.put(place(pod, entry), name);
    if (claims.find(Meta.of(pod).namespace(), name) != null) {
      made.remove(place(pod, entry));
    }
    return name;
  }

  private Struct create(Struct claim) {
    try {
      Struct created = api.create(ApiResource.RESOURCE_CLAIMS, claim);
      metrics.created(created);
      return created;
    } catch (ApiException e) {
      metrics.notCreated(claim);
      throw e;
    }
  }

  private void tell(Struct pod, List<Struct> names) {
    Meta meta = Meta.of(pod);
    api.patch(
        ApiResource.PODS,
        meta.namespace(),
        meta.name(),
        "status",
        PatchType.STRATEGIC,
        Struct.of(
            "metadata",
            Struct.of("uid", meta.uid()),
            "status",
            Struct.of("resourceClaimStatuses", names)));
  }
}
