package dev.tiphys.monitoring;

import dev.tiphys.client.Informer;
import dev.tiphys.client.leader.Charge;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.Comparator;
import java.util.Optional;

/// Tells whether the Prometheus Operator is installed in the cluster: a Deployment of it that is to
/// run. It holds no Lease that would tell so.
///
/// Threads: any.
final class OtherOperator {

  private static final String PROGRAM = "prometheus-operator";
  private static final String NAME_LABEL = "app.kubernetes.io/name";

  private final Informer deployments;
  private final Charge charge;

  /// @param deployments all of them; not started yet
  OtherOperator(Informer deployments, Charge charge) {
    this.deployments = deployments;
    this.charge = charge;
    deployments.listen(Informer.Listener.ofAll(_ -> look()));
  }

  /// Looks, once the informer is complete.
  void look() {
    if (!deployments.synced()) {
      return;
    }
    Optional<String> found =
        deployments.list().stream()
            .filter(OtherOperator::is)
            .map(ObjectKey::of)
            .min(Comparator.naturalOrder())
            .map(key -> "deployment " + key);
    synchronized (this) {
      if (!charge.isDecided() || !charge.other().equals(found)) {
        charge.leaveTo(found);
      }
    }
  }

  static boolean is(Struct deployment) {
    Struct spec = deployment.struct("spec");
    boolean runs = !spec.has("replicas") || spec.integer("replicas") > 0;
    return runs
        && !Meta.of(deployment).isBeingDeleted()
        && (Meta.of(deployment).label(NAME_LABEL).equals(PROGRAM)
            || spec.structs("template", "spec", "containers").stream()
                .anyMatch(each -> repository(each.string("image")).endsWith(PROGRAM)));
  }

  /// The last part of an image's name, without tag and digest.
  private static String repository(String image) {
    String name = image.substring(image.lastIndexOf('/') + 1);
    int end = name.indexOf('@') >= 0 ? name.indexOf('@') : name.length();
    int tag = name.indexOf(':');
    return name.substring(0, tag >= 0 && tag < end ? tag : end);
  }
}
