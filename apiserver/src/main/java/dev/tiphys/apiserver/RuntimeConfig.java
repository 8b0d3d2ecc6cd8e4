package dev.tiphys.apiserver;

import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.ResourceTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Which of the built-in resources are served: all of stable versions, unless `--runtime-config`
/// says otherwise.
///
/// Threads: any; immutable.
public final class RuntimeConfig {

  /// What holds if nothing is said.
  public static final RuntimeConfig DEFAULT = new RuntimeConfig(Map.of());

  private static final Pattern STABLE = Pattern.compile("v\\d+");
  private static final Pattern BETA = Pattern.compile("v\\d+beta\\d+");
  private static final Pattern ALPHA = Pattern.compile("v\\d+alpha\\d+");
  private static final String ALL = "api/all";

  /// What is said of many versions at once, from the widest to the narrowest.
  private static final Map<String, Predicate<String>> MANY = new LinkedHashMap<>();

  static {
    MANY.put(ALL, _ -> true);
    MANY.put("api/ga", STABLE.asMatchPredicate());
    MANY.put("api/beta", BETA.asMatchPredicate());
    MANY.put("api/alpha", ALPHA.asMatchPredicate());
  }

  /// What upstream has, and this server has not.
  private static final List<String> MISSING =
      List.of(
          "admissionregistration.k8s.io/v1alpha1",
          "admissionregistration.k8s.io/v1beta1",
          "certificates.k8s.io/v1beta1/podcertificaterequests",
          "coordination.k8s.io/v1alpha2",
          "coordination.k8s.io/v1beta1",
          "internal.apiserver.k8s.io/v1alpha1",
          "resource.k8s.io/v1alpha3/resourcepoolstatusrequests",
          "resource.k8s.io/v1beta1");

  private final Map<String, String> given;

  private RuntimeConfig(Map<String, String> given) {
    this.given = Map.copyOf(given);
  }

  /// What `--runtime-config` says: `apps/v1=false,api/alpha=true`.
  ///
  /// @throws IllegalArgumentException if it can't be done; the message says why, as upstream does
  public static RuntimeConfig parse(String text) {
    Map<String, String> given = new LinkedHashMap<>();
    for (String part : text.split(",")) {
      int equals = part.indexOf('=');
      if (equals >= 0) {
        given.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
      } else if (!part.isBlank()) {
        given.put(part.strip(), "");
      }
    }
    if (given.size() == 1 && "false".equals(given.get(ALL))) {
      throw new IllegalArgumentException("invalid runtime-config with only api/all=false");
    }
    RuntimeConfig config = new RuntimeConfig(given);
    config.check(ResourceTable.builtIn());
    return config;
  }

  private void check(List<Resource> known) {
    TreeSet<String> strangers = new TreeSet<>();
    given.forEach(
        (key, value) -> {
          if (MANY.containsKey(key)) {
            if (!value.equals("true") && !value.equals("false")) {
              throw new IllegalArgumentException("invalid value " + key + "=" + value);
            }
            return;
          }
          String[] parts = key.split("/", -1);
          if (parts.length != 2 && parts.length != 3) {
            throw new IllegalArgumentException("runtime-config invalid key " + key);
          }
          if (!isGroup(known, parts[0])) {
            strangers.add(parts[0] + "/" + parts[1]);
          }
        });
    if (!strangers.isEmpty()) {
      throw new IllegalArgumentException("unknown api groups " + String.join(",", strangers));
    }
    given.forEach(
        (key, value) -> {
          if (!MANY.containsKey(key)) {
            checkOne(known, key, value);
          }
        });
  }

  private static boolean isGroup(List<Resource> known, String group) {
    return known.stream().anyMatch(resource -> resource.group().equals(group))
        || MISSING.stream().anyMatch(each -> each.startsWith(group + "/"));
  }

  private static void checkOne(List<Resource> known, String key, String value) {
    String[] parts = key.split("/", -1);
    GroupVersion version = new GroupVersion(parts[0], parts[1]);
    boolean on = isTrue(key, value);
    if (MISSING.contains(key) || MISSING.contains(version.toString())) {
      if (on) {
        throw new IllegalArgumentException("cannot serve " + key + ", it is not in Tiphys");
      }
      return;
    }
    if (known.stream().noneMatch(resource -> resource.groupVersion().equals(version))) {
      throw new IllegalArgumentException(
          "group version " + version + " that has not been registered");
    }
    if (parts.length == 3 && !parts[2].toLowerCase(Locale.ROOT).equals(parts[2])) {
      throw new IllegalArgumentException(
          "invalid key %s: group/version/resource and resource is always lowercase plural, not \"%s\""
              .formatted(key, parts[2]));
    }
  }

  private static boolean isTrue(String key, String value) {
    return switch (value) {
      case "", "1", "t", "T", "TRUE", "true", "True" -> true;
      case "0", "f", "F", "FALSE", "false", "False" -> false;
      default ->
          throw new IllegalArgumentException(
              "invalid value of %s: %s, err: strconv.ParseBool: parsing \"%s\": invalid syntax"
                  .formatted(key, value, value));
    };
  }

  /// Whether a resource is served.
  ///
  /// @param gates which features are on: some resources need one
  public boolean serves(Resource resource, FeatureGates gates) {
    boolean needed =
        switch (resource.groupResource()) {
          case "podgroups.scheduling.k8s.io", "workloads.scheduling.k8s.io" ->
              gates.isOn(FeatureGates.GENERIC_WORKLOAD);
          case "clustertrustbundles.certificates.k8s.io" ->
              gates.isOn(FeatureGates.CLUSTER_TRUST_BUNDLE);
          default -> true;
        };
    return needed && isOn(resource);
  }

  private boolean isOn(Resource resource) {
    GroupVersion version = resource.groupVersion();
    boolean on = STABLE.matcher(version.version()).matches();
    for (Map.Entry<String, Predicate<String>> many : MANY.entrySet()) {
      String value = given.get(many.getKey());
      if (value != null && many.getValue().test(version.version())) {
        on = value.equals("true");
      }
    }
    String key = version.group() + "/" + version.version();
    for (String narrower : List.of(key, key + "/" + resource.plural())) {
      if (given.containsKey(narrower)) {
        on = isTrue(narrower, Objects.requireNonNull(given.get(narrower)));
      }
    }
    return on;
  }
}
