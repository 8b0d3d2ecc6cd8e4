package dev.tiphys.apiserver.advice.workloads;

import dev.tiphys.apiserver.advice.manifest.Place;
import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.apiserver.advice.manifest.Template;
import dev.tiphys.object.Struct;
import java.util.List;

/// Deployments of Pods that share a claim which not all of them can have.
public final class SingleWriters {

  private SingleWriters() {}

  public static void surge(Scene scene, Template pods) {
    Struct spec = scene.object().struct("spec");
    long replicas = spec.integer("replicas");
    boolean surges =
        spec.string("strategy", "type").equals("RollingUpdate") && waitsForNew(spec, replicas);
    for (Place volume : pods.spec().items("volumes")) {
      String name = volume.object().string("persistentVolumeClaim", "claimName");
      Struct claim = scene.find("", "persistentvolumeclaims", name);
      String mode = claim == null ? "" : onlyMode(claim.strings("spec", "accessModes"));
      boolean ofOnePod = mode.equals("ReadWriteOncePod");
      boolean ofOneNode = mode.equals("ReadWriteOnce") && hasSeveralNodes(scene);
      if (ofOnePod && replicas > 1) {
        scene.advise(
            "spec.replicas",
            "one Pod at a time may use claim \"%s\" (ReadWriteOncePod), so the others stay Pending; write replicas: 1, or a StatefulSet with volumeClaimTemplates"
                .formatted(name));
      } else if (surges && replicas == 1 && (ofOnePod || ofOneNode)) {
        scene.advise(
            "spec.strategy",
            "a new Pod has to be ready before the old one goes, but %s may use claim \"%s\" (%s)%s; write type: Recreate"
                .formatted(
                    ofOnePod ? "one Pod at a time" : "one node at a time",
                    name,
                    mode,
                    ofOnePod
                        ? ", so rollouts never end"
                        : ", so rollouts hang where the new Pod is on another node"));
      }
    }
  }

  private static String onlyMode(List<String> modes) {
    return modes.size() == 1 ? modes.getFirst() : "";
  }

  /// Whether no old Pod may go before a new one is there.
  private static boolean waitsForNew(Struct spec, long replicas) {
    Object most = spec.get("strategy", "rollingUpdate", "maxUnavailable");
    if (most instanceof Number number) {
      return number.longValue() == 0;
    }
    String share = String.valueOf(most).replace("%", "");
    return share.matches("\\d{1,3}") && Long.parseLong(share) * replicas < 100;
  }

  private static boolean hasSeveralNodes(Scene scene) {
    return scene.present().first("", "nodes", "", 2).size() > 1;
  }
}
