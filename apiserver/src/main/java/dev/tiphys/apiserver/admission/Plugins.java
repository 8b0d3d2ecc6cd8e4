package dev.tiphys.apiserver.admission;

import dev.tiphys.apiserver.admission.certificates.CertificateApproval;
import dev.tiphys.apiserver.admission.certificates.CertificateSigning;
import dev.tiphys.apiserver.admission.certificates.CertificateSubjectRestriction;
import dev.tiphys.apiserver.admission.certificates.ClusterTrustBundleAttest;
import dev.tiphys.apiserver.admission.events.EventRateLimit;
import dev.tiphys.apiserver.admission.limits.LimitRanger;
import dev.tiphys.apiserver.admission.namespaces.NamespaceAutoProvision;
import dev.tiphys.apiserver.admission.namespaces.NamespaceExists;
import dev.tiphys.apiserver.admission.namespaces.NamespaceLifecycle;
import dev.tiphys.apiserver.admission.network.DefaultIngressClass;
import dev.tiphys.apiserver.admission.network.ExternalAddresses;
import dev.tiphys.apiserver.admission.node.NodeRestriction;
import dev.tiphys.apiserver.admission.node.NotReadyTaint;
import dev.tiphys.apiserver.admission.owners.OwnerPermissions;
import dev.tiphys.apiserver.admission.pods.AlwaysPullImages;
import dev.tiphys.apiserver.admission.pods.AntiAffinityLimit;
import dev.tiphys.apiserver.admission.pods.DefaultTolerations;
import dev.tiphys.apiserver.admission.pods.ExtendedResourceToleration;
import dev.tiphys.apiserver.admission.pods.ImagePolicy;
import dev.tiphys.apiserver.admission.pods.PodGroupProtection;
import dev.tiphys.apiserver.admission.pods.PodGroupWorkload;
import dev.tiphys.apiserver.admission.pods.PodNodeSelector;
import dev.tiphys.apiserver.admission.pods.PodPriority;
import dev.tiphys.apiserver.admission.pods.PodServiceAccount;
import dev.tiphys.apiserver.admission.pods.PodTolerationRestriction;
import dev.tiphys.apiserver.admission.pods.RuntimeClasses;
import dev.tiphys.apiserver.admission.pods.TopologyLabels;
import dev.tiphys.apiserver.admission.podsecurity.PodSecurity;
import dev.tiphys.apiserver.admission.podsecurity.PodSecurityConfiguration;
import dev.tiphys.apiserver.admission.quota.LimitedResource;
import dev.tiphys.apiserver.admission.quota.ResourceQuotas;
import dev.tiphys.apiserver.admission.storage.ClaimResize;
import dev.tiphys.apiserver.admission.storage.DefaultStorageClass;
import dev.tiphys.apiserver.admission.storage.InUseProtection;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.Resource;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// The plugins, in upstream's order and by upstream's names for them.
public final class Plugins {

  private static final List<Known> KNOWN =
      List.of(
          off("AlwaysAdmit", _ -> Admission.NONE),
          off("NamespaceAutoProvision", Plugins::namespaceAutoProvision),
          on("NamespaceLifecycle", with -> new NamespaceLifecycle(with.lookup)),
          off("NamespaceExists", with -> new NamespaceExists(with.lookup)),
          off("LimitPodHardAntiAffinityTopology", _ -> new AntiAffinityLimit()),
          on("LimitRanger", with -> new LimitRanger(with.lookup)),
          on("ServiceAccount", with -> new PodServiceAccount(with.world, with.lookup)),
          on("NodeRestriction", with -> new NodeRestriction(with.lookup, with.authorizer)),
          on("TaintNodesByCondition", _ -> new NotReadyTaint()),
          off("AlwaysPullImages", _ -> new AlwaysPullImages()),
          off("ImagePolicyWebhook", with -> new ImagePolicy(with.world, with.configuration)),
          on("PodSecurity", Plugins::podSecurity),
          off("PodNodeSelector", with -> new PodNodeSelector(with.lookup, with.configuration)),
          on("Priority", with -> new PodPriority(with.lookup)),
          on("DefaultTolerationSeconds", _ -> new DefaultTolerations()),
          off(
              "PodTolerationRestriction",
              with -> new PodTolerationRestriction(with.lookup, with.configuration)),
          off("EventRateLimit", with -> new EventRateLimit(with.world, with.configuration)),
          off("ExtendedResourceToleration", _ -> new ExtendedResourceToleration()),
          on("DefaultStorageClass", with -> new DefaultStorageClass(with.lookup)),
          on("StorageObjectInUseProtection", _ -> new InUseProtection()),
          off(
              "OwnerReferencesPermissionEnforcement",
              with -> new OwnerPermissions(with.authorizer, with.resources)),
          on("PersistentVolumeClaimResize", with -> new ClaimResize(with.lookup)),
          on("RuntimeClass", with -> new RuntimeClasses(with.lookup)),
          on("CertificateApproval", with -> new CertificateApproval(with.authorizer)),
          on("CertificateSigning", with -> new CertificateSigning(with.authorizer)),
          on("ClusterTrustBundleAttest", with -> new ClusterTrustBundleAttest(with.authorizer)),
          on("CertificateSubjectRestriction", _ -> new CertificateSubjectRestriction()),
          on("DefaultIngressClass", with -> new DefaultIngressClass(with.lookup)),
          on("PodTopologyLabels", with -> new TopologyLabels(with.lookup)),
          on("PodGroupProtection", _ -> new PodGroupProtection()),
          on("PodGroupWorkloadExists", with -> new PodGroupWorkload(with.lookup)),
          off("DenyServiceExternalIPs", _ -> new ExternalAddresses()),
          dynamic("MutatingAdmissionPolicy"),
          dynamic("MutatingAdmissionWebhook"),
          dynamic("ValidatingAdmissionPolicy"),
          dynamic("ValidatingAdmissionWebhook"),
          on("ResourceQuota", Plugins::resourceQuota),
          off("AlwaysDeny", _ -> new AlwaysDeny()));

  private Plugins() {}

  /// What plugins work with.
  ///
  /// @param lookup what they may ask of the present state
  /// @param authorizer what users may do
  /// @param registries the objects of the core group, which some of them write
  /// @param resources all that are served
  /// @param dynamic the plugins that ask webhooks and policies
  /// @param metrics which are told what they do
  /// @param configuration what is set for the plugin
  public record Parts(
      World world,
      Lookup lookup,
      Authorizer authorizer,
      Function<String, Registry> registries,
      Supplier<List<Resource>> resources,
      List<Named> dynamic,
      AdmissionMetrics metrics,
      Struct configuration) {

    private Parts configured(Struct other) {
      return new Parts(world, lookup, authorizer, registries, resources, dynamic, metrics, other);
    }

    private Admission made(String name) {
      return dynamic.stream()
          .filter(each -> each.name.equals(name))
          .map(Named::plugin)
          .findFirst()
          .orElse(Admission.NONE);
    }
  }

  /// A plugin by upstream's name for it.
  public record Named(String name, Admission plugin) {}

  private record Known(String name, boolean isOn, Function<Parts, Admission> make) {}

  private static Known on(String name, Function<Parts, Admission> make) {
    return new Known(name, true, make);
  }

  private static Known off(String name, Function<Parts, Admission> make) {
    return new Known(name, false, make);
  }

  /// One that is made elsewhere: it comes after all that change objects by themselves, and before
  /// quotas are charged.
  private static Known dynamic(String name) {
    return on(name, with -> with.made(name));
  }

  private static Admission namespaceAutoProvision(Parts with) {
    return new NamespaceAutoProvision(with.lookup, () -> with.registries.apply("namespaces"));
  }

  private static Admission podSecurity(Parts with) {
    return new PodSecurity(
        with.lookup, PodSecurityConfiguration.read(with.configuration), with.metrics.podSecurity());
  }

  private static Admission resourceQuota(Parts with) {
    return new ResourceQuotas(
        with.world,
        with.lookup,
        () -> with.registries.apply("resourcequotas"),
        LimitedResource.read(with.configuration));
  }

  /// The names of all.
  public static List<String> names() {
    return KNOWN.stream().map(Known::name).toList();
  }

  /// All that are on.
  ///
  /// @throws IllegalArgumentException if what is set for one can't be used
  public static Admission all(Parts parts, AdmissionSettings settings) {
    List<Named> on = new ArrayList<>();
    for (Known each : KNOWN) {
      boolean wanted = each.isOn || settings.on().contains(each.name);
      if (wanted && !settings.off().contains(each.name)) {
        on.add(new Named(each.name, each.make.apply(parts.configured(settings.of(each.name)))));
      }
    }
    return new Reinvoking(new TimedPlugins(parts.metrics, on));
  }
}
