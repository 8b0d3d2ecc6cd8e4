package dev.tiphys.apiserver.admission.podsecurity;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.Formats;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// What an administrator can set for the plugin: upstream's PodSecurityConfiguration.
///
/// @param defaults what counts in namespaces that say nothing
/// @param users whose Pods are not looked at
/// @param namespaces whose Pods are not looked at
/// @param runtimeClasses whose Pods are not looked at
public record PodSecurityConfiguration(
    Policy defaults, Set<String> users, Set<String> namespaces, Set<String> runtimeClasses) {

  /// Nothing is restricted that does not ask for it.
  public static final PodSecurityConfiguration NONE =
      new PodSecurityConfiguration(Policy.PRIVILEGED, Set.of(), Set.of(), Set.of());

  private static final String GROUP = "pod-security.admission.config.k8s.io/";
  private static final Set<String> VERSIONS = Set.of("v1", "v1beta1", "v1alpha1");

  public PodSecurityConfiguration {
    users = Set.copyOf(users);
    namespaces = Set.copyOf(namespaces);
    runtimeClasses = Set.copyOf(runtimeClasses);
  }

  /// Reads one from a file.
  ///
  /// @throws IllegalArgumentException if it can't be used; the message says why
  public static PodSecurityConfiguration read(Struct tree) {
    if (tree.isEmpty()) {
      return NONE;
    }
    String version = tree.string("apiVersion");
    boolean known =
        version.startsWith(GROUP)
            && VERSIONS.contains(version.substring(GROUP.length()))
            && tree.string("kind").equals("PodSecurityConfiguration");
    if (!known) {
      throw new IllegalArgumentException(
          "no kind "
              + FieldError.quoted(tree.string("kind"))
              + " is registered for version "
              + FieldError.quoted(version));
    }
    FieldErrors errors = new FieldErrors();
    Struct defaults = tree.struct("defaults");
    Policy policy =
        new Policy(
            level(defaults, "enforce", errors),
            level(defaults, "audit", errors),
            level(defaults, "warn", errors));
    Struct exemptions = tree.struct("exemptions");
    PodSecurityConfiguration read =
        new PodSecurityConfiguration(
            policy,
            names(exemptions, "usernames", PodSecurityConfiguration::userName, errors),
            names(exemptions, "namespaces", Formats::dnsLabel, errors),
            names(exemptions, "runtimeClasses", Formats::dnsSubdomain, errors));
    if (!errors.isEmpty()) {
      throw new IllegalArgumentException(errors.message());
    }
    return read;
  }

  private static LevelVersion level(Struct defaults, String mode, FieldErrors errors) {
    LevelVersion read = LevelVersion.PRIVILEGED;
    String level = defaults.string(mode);
    String version = defaults.string(mode + "-version");
    try {
      read = level.isEmpty() ? read : read.withLevel(Level.parse(level));
    } catch (IllegalArgumentException e) {
      errors.add(invalid("defaults." + mode, level, Level.PROBLEM));
    }
    try {
      return version.isEmpty() ? read : read.withVersion(LevelVersion.parseVersion(version));
    } catch (IllegalArgumentException e) {
      errors.add(invalid("defaults." + mode + "-version", version, LevelVersion.PROBLEM));
      return read;
    }
  }

  private static List<String> userName(String name) {
    return name.isEmpty() ? List.of("username must not be empty") : List.of();
  }

  private static Set<String> names(
      Struct exemptions,
      String field,
      Function<String, List<String>> problems,
      FieldErrors errors) {
    Set<String> names = new HashSet<>();
    List<String> all = exemptions.strings(field);
    for (int i = 0; i < all.size(); i++) {
      String name = all.get(i);
      String path = "exemptions." + field + "[" + i + "]";
      List<String> wrong = problems.apply(name);
      if (!wrong.isEmpty()) {
        errors.add(invalid(path, name, String.join(", ", wrong)));
      } else if (!names.add(name)) {
        errors.add(new FieldError(FieldError.Type.DUPLICATE, path, FieldError.quoted(name), ""));
      }
    }
    return names;
  }

  private static FieldError invalid(String path, String value, String problem) {
    return new FieldError(FieldError.Type.INVALID, path, FieldError.quoted(value), problem);
  }
}
