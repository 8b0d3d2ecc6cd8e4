package dev.tiphys.controllers.resourceclaims;

import dev.tiphys.client.Informer;
import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How many claims there are and how many were made, under upstream's names
/// (`resourceclaim_controller_…`): of the controller that was made last with them.
///
/// Threads: any.
public final class ClaimMetrics {

  private static final String CLAIMS = "resourceclaim_controller_resource_claims";

  private final CounterFamily creations =
      new CounterFamily(
          "resourceclaim_controller_creates_total",
          "ResourceClaims whose creation was asked for.",
          "status",
          "admin_access");

  private volatile @Nullable Informer claims;

  /// Counts the claims that an informer knows from now on.
  void count(Informer known) {
    claims = known;
  }

  void created(Struct claim) {
    creations.count("success", adminAccess(claim));
  }

  void notCreated(Struct claim) {
    creations.count("failure", adminAccess(claim));
  }

  private static String adminAccess(Struct claim) {
    return Boolean.toString(
        claim.structs("spec", "devices", "requests").stream()
            .anyMatch(request -> request.bool("exactly", "adminAccess")));
  }

  /// Writes all of it, if there is a controller.
  public void write(Exposition out) {
    Informer all = claims;
    if (all == null) {
      return;
    }
    creations.write(out);
    Map<String, Integer> counts = new TreeMap<>();
    all.list().forEach(claim -> counts.merge(labels(claim), 1, Integer::sum));
    if (!counts.isEmpty()) {
      out.family(CLAIMS, "gauge", "ResourceClaims, by what they are made from and what they have.");
      counts.forEach((labels, count) -> out.sample(CLAIMS, labels, count));
    }
  }

  private static String labels(Struct claim) {
    return "allocated=\"%s\",admin_access=\"%s\",source=\"%s\""
        .formatted(claim.has("status", "allocation"), adminAccess(claim), source(claim));
  }

  private static String source(Struct claim) {
    Struct annotations = Meta.of(claim).annotations();
    if (annotations.string("resource.kubernetes.io/extended-resource-claim").equals("true")) {
      return "extended_resource";
    }
    return annotations.has(ClaimTemplate.ENTRY) ? "resource_claim_template" : "";
  }
}
