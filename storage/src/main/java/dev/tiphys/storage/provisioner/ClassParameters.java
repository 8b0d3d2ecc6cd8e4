package dev.tiphys.storage.provisioner;

import dev.tiphys.object.Struct;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The parameters of a StorageClass: those of the driver, and those that helpers read.
///
/// @param driver what the driver is told
/// @param fileSystem that volumes are to have; empty if any will do
record ClassParameters(Map<String, String> driver, String fileSystem) {

  private static final String PREFIX = "csi.storage.k8s.io/";
  private static final String FILE_SYSTEM = PREFIX + "fstype";

  /// What upstream's provisioner takes too, and this one has no use for: the driver has no secrets.
  private static final Set<String> SECRETS =
      Set.of(
          PREFIX + "provisioner-secret-name",
          PREFIX + "provisioner-secret-namespace",
          PREFIX + "controller-publish-secret-name",
          PREFIX + "controller-publish-secret-namespace",
          PREFIX + "node-stage-secret-name",
          PREFIX + "node-stage-secret-namespace",
          PREFIX + "node-publish-secret-name",
          PREFIX + "node-publish-secret-namespace",
          PREFIX + "controller-expand-secret-name",
          PREFIX + "controller-expand-secret-namespace",
          PREFIX + "node-expand-secret-name",
          PREFIX + "node-expand-secret-namespace",
          PREFIX + "controller-modify-secret-name",
          PREFIX + "controller-modify-secret-namespace");

  ClassParameters {
    driver = Map.copyOf(driver);
  }

  static ClassParameters of(Struct type) throws ProvisioningException {
    Struct parameters = type.struct("parameters");
    Map<String, String> driver = new TreeMap<>();
    String fileSystem = "";
    for (String name : parameters.names()) {
      String value = parameters.string(name);
      if (name.equals(FILE_SYSTEM) || name.equals("fstype")) {
        if (!fileSystem.isEmpty()) {
          throw ProvisioningException.of(
              "fstype specified in parameters with both \"fstype\" and \"%s\" keys", FILE_SYSTEM);
        }
        fileSystem = value;
      } else if (!name.startsWith(PREFIX)) {
        driver.put(name, value);
      } else if (!SECRETS.contains(name)) {
        throw ProvisioningException.of(
            "failed to strip CSI Parameters of prefixed keys: found unknown parameter key \"%s\""
                + " with reserved namespace %s",
            name, "csi.storage.k8s.io");
      }
    }
    return new ClassParameters(driver, fileSystem);
  }
}
