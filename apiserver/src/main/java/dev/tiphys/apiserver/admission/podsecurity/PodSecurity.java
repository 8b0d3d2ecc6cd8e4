package dev.tiphys.apiserver.admission.podsecurity;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.registry.Invalid;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.validation.FieldErrors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Pods keep to the Pod Security Standard that the labels of their namespace name: upstream's
/// plugin PodSecurity.
///
/// Pods are refused, noted and warned of; the templates of what makes Pods are noted and warned of
/// only, since what makes the Pods of them may be allowed more. A namespace that is to enforce more
/// tells which of its Pods would be refused now.
public final class PodSecurity implements Admission {

  private static final Set<String> UNCHANGING =
      Set.of("exec", "attach", "binding", "eviction", "log", "portforward", "proxy", "status");

  /// Where the template of a Pod is, by what makes Pods of it.
  private static final Map<String, String[]> TEMPLATES =
      Map.of(
          "podtemplates", new String[] {"template"},
          "replicationcontrollers", new String[] {"spec", "template"},
          "replicasets.apps", new String[] {"spec", "template"},
          "deployments.apps", new String[] {"spec", "template"},
          "statefulsets.apps", new String[] {"spec", "template"},
          "daemonsets.apps", new String[] {"spec", "template"},
          "jobs.batch", new String[] {"spec", "template"},
          "cronjobs.batch", new String[] {"spec", "jobTemplate", "spec", "template"});

  private final Lookup lookup;
  private final PodSecurityConfiguration configuration;
  private final PodSecurityMetrics metrics;
  private final PresentPods presentPods;

  public PodSecurity(
      Lookup lookup, PodSecurityConfiguration configuration, PodSecurityMetrics metrics) {
    this.lookup = lookup;
    this.configuration = configuration;
    this.metrics = metrics;
    this.presentPods = new PresentPods(lookup, configuration);
  }

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    if (request.operation() != Operation.CREATE && request.operation() != Operation.UPDATE) {
      return;
    }
    String groupResource = request.resource().groupResource();
    String[] template = TEMPLATES.get(groupResource);
    if (groupResource.equals("namespaces") && request.subresource().isEmpty()) {
      checkNamespace(request, object, old);
    } else if (groupResource.equals("pods") && !UNCHANGING.contains(request.subresource())) {
      checkPod(request, object, old);
    } else if (template != null && request.subresource().isEmpty()) {
      checkTemplate(request, object.struct(template));
    }
  }

  private Policy.Read policy(Struct namespace) {
    return Policy.of(Meta.of(namespace).labels(), configuration.defaults());
  }

  private void checkNamespace(Request request, Struct namespace, @Nullable Struct old) {
    Policy.Read now = policy(namespace);
    FieldErrors errors = now.errors();
    if (old == null) {
      refuse(request, namespace, errors);
      warnOfExemption(request.call(), namespace, now.policy());
      return;
    }
    Policy.Read before = policy(old);
    if (!errors.list().equals(before.errors().list())) {
      refuse(request, namespace, errors);
    }
    LevelVersion enforced = now.policy().enforce();
    LevelVersion was = before.policy().enforce();
    boolean relaxed =
        enforced.minor() == was.minor() && enforced.level().compareTo(was.level()) <= 0;
    if (enforced.equals(was) || enforced.isPrivileged() || relaxed) {
      return;
    }
    if (configuration.namespaces().contains(Meta.of(namespace).name())) {
      warnOfExemption(request.call(), namespace, now.policy());
    } else {
      presentPods
          .warnings(Meta.of(namespace).name(), enforced)
          .forEach(warning -> request.call().warn(warning));
    }
  }

  private static void refuse(Request request, Struct namespace, FieldErrors errors) {
    if (!errors.isEmpty()) {
      throw Invalid.refusal(request.resource().groupKind(), Meta.of(namespace).name(), errors);
    }
  }

  private void warnOfExemption(Call call, Struct namespace, Policy policy) {
    String name = Meta.of(namespace).name();
    boolean heeded =
        !configuration.namespaces().contains(name)
            || policy.isPrivileged()
            || policy.isEquivalentTo(configuration.defaults());
    if (!heeded) {
      call.warn(
          "namespace \"%s\" is exempt from Pod Security, and the policy (%s) will be ignored"
              .formatted(name, policy.stated(Meta.of(namespace).labels())));
    }
  }

  private void checkPod(Request request, Struct pod, @Nullable Struct old) {
    if (isExempt(request)) {
      return;
    }
    Struct namespace = lookup.find("", "namespaces", "", request.namespace());
    if (namespace == null) {
      metrics.failed(request, true);
      throw ApiException.internal("failed to lookup namespace \"" + request.namespace() + "\"");
    }
    Policy.Read policy = policy(namespace);
    if (policy.errors().isEmpty() && policy.policy().isPrivileged()) {
      annotate(request, "enforce-policy", policy.policy().enforce().toString());
      metrics.evaluated(request, policy.policy().enforce(), "enforce", true);
      return;
    }
    if (old == null || isSignificant(pod, old)) {
      evaluate(request, policy, pod, PodParts.of(pod), true);
    }
  }

  private void checkTemplate(Request request, Struct template) {
    if (isExempt(request) || template.isEmpty()) {
      return;
    }
    Struct namespace = lookup.find("", "namespaces", "", request.namespace());
    if (namespace == null) {
      metrics.failed(request, true);
      annotate(request, "error", "failed to lookup namespace \"" + request.namespace() + "\"");
      return;
    }
    Policy.Read read = policy(namespace);
    Policy policy = read.policy();
    boolean restricts = !policy.audit().isPrivileged() || !policy.warn().isPrivileged();
    if (!read.errors().isEmpty() || restricts) {
      evaluate(request, read, template, PodParts.of(template), false);
    }
  }

  private boolean isExempt(Request request) {
    if (configuration.namespaces().contains(request.namespace())) {
      exempt(request, "namespace");
      return true;
    }
    if (configuration.users().contains(request.call().user().name())) {
      exempt(request, "user");
      return true;
    }
    return false;
  }

  private void exempt(Request request, String by) {
    annotate(request, "exempt", by);
    metrics.exempt(request);
  }

  private static void annotate(Request request, String key, String value) {
    request.call().annotate(Policy.PREFIX + key, value);
  }

  /// Whether an update may change what checks look at: of a Pod that exists, only images and the
  /// list of ephemeral containers change.
  private static boolean isSignificant(Struct pod, Struct old) {
    return !images(pod, "containers").equals(images(old, "containers"))
        || !images(pod, "initContainers").equals(images(old, "initContainers"))
        || !old.structs("spec", "ephemeralContainers")
            .containsAll(pod.structs("spec", "ephemeralContainers"));
  }

  private static List<String> images(Struct pod, String field) {
    return pod.structs("spec", field).stream().map(container -> container.string("image")).toList();
  }

  /// @param object that messages name
  /// @param enforce whether it may be refused
  private void evaluate(
      Request request, Policy.Read read, Struct object, PodParts pod, boolean enforce) {
    if (configuration.runtimeClasses().contains(pod.spec().string("runtimeClassName"))) {
      exempt(request, "runtimeClass");
      return;
    }
    if (!read.errors().isEmpty()) {
      annotate(request, "error", "Failed to parse policy: " + read.errors().message());
      metrics.failed(request, false);
    }
    Policy policy = read.policy();
    Map<LevelVersion, List<Finding>> known = new HashMap<>();
    List<Finding> refused = List.of();
    if (enforce) {
      annotate(request, "enforce-policy", policy.enforce().toString());
      refused = findings(known, policy.enforce(), pod);
      metrics.evaluated(request, policy.enforce(), "enforce", refused.isEmpty());
    }
    List<Finding> noted = findings(known, policy.audit(), pod);
    if (!noted.isEmpty()) {
      annotate(request, "audit-violations", "would violate " + standard(policy.audit(), noted));
      metrics.evaluated(request, policy.audit(), "audit", false);
    }
    if (!refused.isEmpty()) {
      throw request.forbidden(object, "violates " + standard(policy.enforce(), refused));
    }
    List<Finding> warned = findings(known, policy.warn(), pod);
    if (!warned.isEmpty()) {
      request.call().warn("would violate " + standard(policy.warn(), warned));
      metrics.evaluated(request, policy.warn(), "warn", false);
    }
  }

  private static List<Finding> findings(
      Map<LevelVersion, List<Finding>> known, LevelVersion level, PodParts pod) {
    return known.computeIfAbsent(level, each -> Checks.findings(each, pod));
  }

  private static String standard(LevelVersion level, List<Finding> findings) {
    return "PodSecurity \"" + level + "\": " + Finding.text(findings);
  }
}
