package dev.tiphys.scheduler.config;

import dev.tiphys.scheduler.config.fields.Fields;
import dev.tiphys.scheduler.config.fields.Problems;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A program that takes part in decisions over HTTP.
///
/// @param timeout how long an answer may take
/// @param knowsNodes whether it is sent the names of nodes only
/// @param resources it is asked only about Pods that ask for one of these; about all if there are
///   none
/// @param ignorable whether Pods are placed without it when it fails
public record ExtenderConfiguration(
    String urlPrefix,
    String filterVerb,
    String preemptVerb,
    String prioritizeVerb,
    String bindVerb,
    long weight,
    Tls tls,
    Duration timeout,
    boolean knowsNodes,
    List<Managed> resources,
    boolean ignorable) {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /// A resource that an extender manages.
  ///
  /// @param alone whether the scheduler leaves it to the extender
  public record Managed(String name, boolean alone) {}

  /// How it is spoken to over TLS.
  ///
  /// @param insecure whether its certificate is not looked at
  public record Tls(
      boolean insecure,
      String serverName,
      String certFile,
      String keyFile,
      String caFile,
      String certData,
      String keyData,
      String caData) {

    static Tls of(Fields tls, boolean https) {
      Tls read =
          new Tls(
              tls.bool("insecure", false),
              tls.string("serverName", ""),
              tls.string("certFile", ""),
              tls.string("keyFile", ""),
              tls.string("caFile", ""),
              tls.string("certData", ""),
              tls.string("keyData", ""),
              tls.string("caData", ""));
      tls.end();
      boolean believes = !read.caFile.isEmpty() || !read.caData.isEmpty();
      return https && !believes ? read.withoutLook() : read;
    }

    private Tls withoutLook() {
      return new Tls(true, serverName, certFile, keyFile, caFile, certData, keyData, caData);
    }
  }

  static ExtenderConfiguration of(Fields extender) {
    boolean https = extender.bool("enableHTTPS", false);
    List<Managed> resources = new ArrayList<>();
    for (Fields resource : extender.objects("managedResources", "ExtenderManagedResource")) {
      resources.add(
          new Managed(resource.string("name", ""), resource.bool("ignoredByScheduler", false)));
      resource.end();
    }
    Duration timeout = extender.duration("httpTimeout", PATIENCE);
    ExtenderConfiguration read =
        new ExtenderConfiguration(
            extender.string("urlPrefix", ""),
            extender.string("filterVerb", ""),
            extender.string("preemptVerb", ""),
            extender.string("prioritizeVerb", ""),
            extender.string("bindVerb", ""),
            extender.integer("weight", 0, "int64"),
            Tls.of(extender.object("tlsConfig", "ExtenderTLSConfig"), https),
            timeout.isZero() ? PATIENCE : timeout,
            extender.bool("nodeCacheCapable", false),
            resources,
            extender.bool("ignorable", false));
    extender.end();
    return read;
  }

  /// Reports what is wrong with extenders.
  static void check(List<ExtenderConfiguration> extenders, Problems problems) {
    Set<String> managed = new HashSet<>();
    int binders = 0;
    for (int i = 0; i < extenders.size(); i++) {
      ExtenderConfiguration each = extenders.get(i);
      String path = "extenders[" + i + "]";
      if (!each.prioritizeVerb.isEmpty() && each.weight <= 0) {
        problems.invalid(
            path + ".weight", each.weight, "must have a positive weight applied to it");
      }
      binders += each.bindVerb.isEmpty() ? 0 : 1;
      for (int j = 0; j < each.resources.size(); j++) {
        String name = each.resources.get(j).name();
        String at = path + ".managedResources[" + j + "].name";
        if (!isExtended(name)) {
          problems.invalid(at, name, "is an invalid extended resource name");
        }
        if (!managed.add(name)) {
          problems.invalid(at, name, "duplicate extender managed resource name");
        }
      }
    }
    if (binders > 1) {
      problems.invalid(
          "extenders",
          "found " + binders + " extenders implementing bind",
          "only one extender can implement bind");
    }
  }

  private static boolean isExtended(String name) {
    int slash = name.indexOf('/');
    return slash > 0
        && !name.startsWith("requests.")
        && !name.substring(0, slash).endsWith("kubernetes.io");
  }
}
