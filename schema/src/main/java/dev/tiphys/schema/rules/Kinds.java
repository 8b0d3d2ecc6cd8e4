package dev.tiphys.schema.rules;

import static dev.tiphys.schema.validation.KindRules.Recheck.BOTH;
import static dev.tiphys.schema.validation.KindRules.Recheck.BOTH_AND_OBJECT;
import static dev.tiphys.schema.validation.KindRules.Recheck.OBJECT;
import static dev.tiphys.schema.validation.KindRules.Recheck.OBJECT_TWICE;
import static dev.tiphys.schema.validation.KindRules.bare;
import static dev.tiphys.schema.validation.KindRules.looselyNamed;
import static dev.tiphys.schema.validation.KindRules.named;
import static dev.tiphys.schema.validation.KindRules.nameless;
import static java.util.Map.entry;

import dev.tiphys.schema.Schema;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.structural.StructuralSchema;
import dev.tiphys.schema.validation.KindRules;
import dev.tiphys.schema.validation.NameForm;
import dev.tiphys.schema.validation.access.CertificateRules;
import dev.tiphys.schema.validation.access.RoleRules;
import dev.tiphys.schema.validation.access.TrustBundleRules;
import dev.tiphys.schema.validation.cluster.ConfigRules;
import dev.tiphys.schema.validation.cluster.EventRules;
import dev.tiphys.schema.validation.cluster.FlowSchemaRules;
import dev.tiphys.schema.validation.cluster.LeaseRules;
import dev.tiphys.schema.validation.cluster.LimitRangeRules;
import dev.tiphys.schema.validation.cluster.MandatoryFlows;
import dev.tiphys.schema.validation.cluster.MigrationRules;
import dev.tiphys.schema.validation.cluster.NamespaceRules;
import dev.tiphys.schema.validation.cluster.NodeRules;
import dev.tiphys.schema.validation.cluster.PriorityClassRules;
import dev.tiphys.schema.validation.cluster.PriorityLevelRules;
import dev.tiphys.schema.validation.cluster.QuotaRules;
import dev.tiphys.schema.validation.cluster.ReviewRules;
import dev.tiphys.schema.validation.cluster.RuntimeClassRules;
import dev.tiphys.schema.validation.device.DeviceClaimRules;
import dev.tiphys.schema.validation.device.DeviceNames;
import dev.tiphys.schema.validation.device.DeviceSliceRules;
import dev.tiphys.schema.validation.device.DeviceStatusRules;
import dev.tiphys.schema.validation.device.DeviceTaintRules;
import dev.tiphys.schema.validation.extension.AdmissionPolicyRules;
import dev.tiphys.schema.validation.extension.ApiServiceRules;
import dev.tiphys.schema.validation.extension.DefinitionRules;
import dev.tiphys.schema.validation.extension.PolicyBindingRules;
import dev.tiphys.schema.validation.extension.WebhookRules;
import dev.tiphys.schema.validation.network.EndpointSliceRules;
import dev.tiphys.schema.validation.network.EndpointsRules;
import dev.tiphys.schema.validation.network.IngressClassRules;
import dev.tiphys.schema.validation.network.IngressRules;
import dev.tiphys.schema.validation.network.NetworkPolicyRules;
import dev.tiphys.schema.validation.network.ServiceRangeRules;
import dev.tiphys.schema.validation.network.ServiceRules;
import dev.tiphys.schema.validation.network.ServiceTrafficRules;
import dev.tiphys.schema.validation.pod.PodResizeRules;
import dev.tiphys.schema.validation.pod.PodRules;
import dev.tiphys.schema.validation.pod.PodStatusRules;
import dev.tiphys.schema.validation.pod.PodUpdateRules;
import dev.tiphys.schema.validation.storage.AttachmentRules;
import dev.tiphys.schema.validation.storage.ClaimRules;
import dev.tiphys.schema.validation.storage.CsiRules;
import dev.tiphys.schema.validation.storage.PersistentVolumeRules;
import dev.tiphys.schema.validation.storage.StorageClassRules;
import dev.tiphys.schema.validation.workload.AutoscalerRules;
import dev.tiphys.schema.validation.workload.CronJobRules;
import dev.tiphys.schema.validation.workload.DaemonSetRules;
import dev.tiphys.schema.validation.workload.DisruptionRules;
import dev.tiphys.schema.validation.workload.JobRules;
import dev.tiphys.schema.validation.workload.JobStatusRules;
import dev.tiphys.schema.validation.workload.PodGroupRules;
import dev.tiphys.schema.validation.workload.StatefulSetRules;
import dev.tiphys.schema.validation.workload.WorkloadRules;
import java.util.Map;

/// Which rules belong to which kind.
final class Kinds {

  private static final NameForm SUBDOMAIN = NameForm.SUBDOMAIN;
  private static final NameForm LABEL = NameForm.LABEL;
  private static final String CORE = "io.k8s.api.core.v1.";
  private static final NameForm SEGMENT = NameForm.PATH_SEGMENT;
  private static final String NETWORKING = "io.k8s.api.networking.v1.";
  private static final String RBAC = "io.k8s.api.rbac.v1.";
  private static final String STORAGE = "io.k8s.api.storage.v1.";
  private static final String AUTHENTICATION = "io.k8s.api.authentication.v1.";
  private static final String AUTHORIZATION = "io.k8s.api.authorization.v1.";
  private static final String ADMISSION = "io.k8s.api.admissionregistration.v1.";
  private static final String BATCH = "io.k8s.api.batch.v1.";
  private static final String APPS = "io.k8s.api.apps.v1.";

  /// What holds for kinds that are not listed: custom resources.
  static final KindRules ANY = looselyNamed(SUBDOMAIN);

  private static final KindRules TAINT_RULE =
      named(SUBDOMAIN)
          .creating(DeviceTaintRules::create)
          .reporting(DeviceTaintRules::status)
          .rechecking(BOTH);

  private static final KindRules TRUST_BUNDLE =
      named(SEGMENT)
          .creating(TrustBundleRules::create)
          .updating(TrustBundleRules::update)
          .rechecking(BOTH);

  /// The rules by the full name of the kind's type, since versions of a kind may differ.
  private static final Map<String, KindRules> RULES =
      Map.ofEntries(
          entry(
              CORE + "Pod",
              named(SUBDOMAIN)
                  .creating(PodRules::create)
                  .updating(PodUpdateRules::update)
                  .reporting(PodStatusRules::update)
                  .through("ephemeralcontainers", PodUpdateRules::ephemeralContainers)
                  .through("resize", PodResizeRules::resize)
                  .rechecking(BOTH)),
          entry(CORE + "PodTemplate", named(SUBDOMAIN).creating(PodRules::podTemplate)),
          entry(CORE + "Binding", named(SUBDOMAIN).creating(PodRules::binding)),
          entry(
              CORE + "ReplicationController",
              named(SUBDOMAIN)
                  .creating(WorkloadRules::controller)
                  .reporting(WorkloadRules::controllerStatus)
                  .rechecking(BOTH)),
          entry(
              APPS + "Deployment",
              named(SUBDOMAIN)
                  .creating(WorkloadRules::deployment)
                  .updating(WorkloadRules::deploymentUpdate)
                  .reporting(WorkloadRules::deploymentStatus)),
          entry(
              APPS + "ReplicaSet",
              named(SUBDOMAIN)
                  .creating(WorkloadRules::replicaSet)
                  .updating(WorkloadRules::replicaSetUpdate)
                  .reporting(WorkloadRules::replicaSetStatus)
                  .rechecking(BOTH)
                  .tellingTwice()),
          entry(
              APPS + "StatefulSet",
              named(LABEL)
                  .creating(StatefulSetRules::create)
                  .updating(StatefulSetRules::update)
                  .reporting(StatefulSetRules::status)),
          entry(
              APPS + "DaemonSet",
              named(SUBDOMAIN)
                  .creating(DaemonSetRules::create)
                  .updating(DaemonSetRules::update)
                  .reporting(DaemonSetRules::status)
                  .rechecking(BOTH)
                  .tellingTwice()),
          entry(
              APPS + "ControllerRevision",
              named(SUBDOMAIN)
                  .creating(DaemonSetRules::revision)
                  .updating(DaemonSetRules::revisionUpdate)
                  .rechecking(BOTH)),
          entry(
              CORE + "Service",
              named(LABEL)
                  .creating(ServiceRules::create)
                  .updating(ServiceRules::update)
                  .reporting(ServiceTrafficRules::status)
                  .rechecking(BOTH)),
          entry(
              CORE + "ConfigMap",
              named(SUBDOMAIN)
                  .creating(ConfigRules::configMap)
                  .updating(ConfigRules::configMapUpdate)
                  .rechecking(BOTH)),
          entry(
              CORE + "Secret",
              named(SUBDOMAIN)
                  .creating(ConfigRules::secret)
                  .updating(ConfigRules::secretUpdate)
                  .rechecking(BOTH)),
          entry(
              CORE + "Namespace",
              named(LABEL)
                  .creating(NamespaceRules::create)
                  .reporting(NamespaceRules::status)
                  .through("finalize", NamespaceRules::finalize)
                  .rechecking(BOTH)),
          entry(
              CORE + "Node",
              named(SUBDOMAIN)
                  .creating(NodeRules::create)
                  .updating(NodeRules::update)
                  .reporting(NodeRules::changes)
                  .rechecking(BOTH)),
          entry(
              CORE + "Endpoints",
              named(SUBDOMAIN)
                  .creating(EndpointsRules::create)
                  .updating(EndpointsRules::update)
                  .rechecking(BOTH)),
          entry(CORE + "ServiceAccount", named(SUBDOMAIN).rechecking(BOTH)),
          entry(
              "io.k8s.api.discovery.v1.EndpointSlice",
              named(SUBDOMAIN)
                  .creating(EndpointSliceRules::create)
                  .updating(EndpointSliceRules::update)
                  .rechecking(OBJECT)),
          entry(
              CORE + "Event",
              nameless().creating(EventRules::core).updating(EventRules::coreUpdate)),
          entry(
              "io.k8s.api.events.v1.Event",
              nameless().creating(EventRules::event).updating(EventRules::eventUpdate)),
          entry(
              CORE + "LimitRange",
              named(SUBDOMAIN).creating(LimitRangeRules::create).rechecking(OBJECT)),
          entry(
              CORE + "ResourceQuota",
              named(SUBDOMAIN)
                  .creating(QuotaRules::create)
                  .updating(QuotaRules::update)
                  .reporting(QuotaRules::status)),
          entry(
              CORE + "PersistentVolume",
              named(SUBDOMAIN)
                  .creating(PersistentVolumeRules::create)
                  .updating(PersistentVolumeRules::update)
                  .reporting(PersistentVolumeRules::status)
                  .rechecking(OBJECT_TWICE)
                  .tellingTwice()),
          entry(
              CORE + "PersistentVolumeClaim",
              named(SUBDOMAIN)
                  .creating(ClaimRules::create)
                  .updating(ClaimRules::update)
                  .reporting(ClaimRules::status)
                  .rechecking(BOTH_AND_OBJECT)
                  .tellingTwice()),
          entry(
              BATCH + "Job",
              named(SUBDOMAIN)
                  .creating(JobRules::create)
                  .updating(JobRules::update)
                  .reporting(JobStatusRules::update)
                  .rechecking(BOTH)),
          entry(
              BATCH + "CronJob",
              named(SUBDOMAIN).creating(CronJobRules::create).updating(CronJobRules::update)),
          entry(
              "io.k8s.api.storagemigration.v1beta1.StorageVersionMigration",
              named(SUBDOMAIN)
                  .creating(MigrationRules::create)
                  .updating(MigrationRules::update)
                  .reporting(MigrationRules::status)),
          entry(
              "io.k8s.api.policy.v1.PodDisruptionBudget",
              nameless().creating(DisruptionRules::create).reporting(DisruptionRules::status)),
          entry(
              "io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler",
              named(SUBDOMAIN)
                  .creating(AutoscalerRules::createOld)
                  .updating(AutoscalerRules::updateOld)
                  .reporting(AutoscalerRules::status)),
          entry(
              "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
              named(SUBDOMAIN)
                  .creating(AutoscalerRules::create)
                  .updating(AutoscalerRules::update)
                  .reporting(AutoscalerRules::status)),
          entry(
              "io.k8s.api.autoscaling.v1.Scale",
              named(SUBDOMAIN).creating(WorkloadRules::scale).rechecking(OBJECT)),
          entry(
              NETWORKING + "Ingress",
              named(SUBDOMAIN)
                  .creating(IngressRules::create)
                  .updating(IngressRules::update)
                  .reporting(IngressRules::status)
                  .rechecking(BOTH)),
          entry(
              NETWORKING + "IngressClass",
              named(SUBDOMAIN)
                  .creating(IngressClassRules::create)
                  .updating(IngressClassRules::update)
                  .rechecking(BOTH)),
          entry(
              NETWORKING + "NetworkPolicy",
              named(SUBDOMAIN)
                  .creating(NetworkPolicyRules::create)
                  .updating(NetworkPolicyRules::update)
                  .rechecking(BOTH)
                  .tellingTwice(NetworkPolicyRules::update)),
          entry(
              NETWORKING + "IPAddress",
              named(NameForm.ADDRESS)
                  .creating(ServiceRangeRules::address)
                  .updating(ServiceRangeRules::addressUpdate)
                  .rechecking(BOTH)),
          entry(
              NETWORKING + "ServiceCIDR",
              named(SUBDOMAIN)
                  .creating(ServiceRangeRules::range)
                  .updating(ServiceRangeRules::rangeUpdate)),
          entry(
              RBAC + "Role",
              named(SEGMENT).creating(RoleRules::role).rechecking(BOTH_AND_OBJECT).tellingTwice()),
          entry(
              RBAC + "ClusterRole",
              named(SEGMENT)
                  .creating(RoleRules::clusterRole)
                  .rechecking(BOTH_AND_OBJECT)
                  .tellingTwice()),
          entry(
              RBAC + "RoleBinding",
              named(SEGMENT)
                  .creating(RoleRules::binding)
                  .updating(RoleRules::bindingUpdate)
                  .rechecking(BOTH_AND_OBJECT)
                  .tellingTwice()),
          entry(
              RBAC + "ClusterRoleBinding",
              named(SEGMENT)
                  .creating(RoleRules::clusterBinding)
                  .updating(RoleRules::clusterBindingUpdate)
                  .rechecking(BOTH_AND_OBJECT)
                  .tellingTwice()),
          entry(
              "io.k8s.api.scheduling.v1.PriorityClass",
              named(SUBDOMAIN)
                  .creating(PriorityClassRules::create)
                  .updating(PriorityClassRules::update)),
          entry(
              "io.k8s.api.node.v1.RuntimeClass",
              looselyNamed(SUBDOMAIN)
                  .creating(RuntimeClassRules::create)
                  .updating(RuntimeClassRules::update)
                  .rechecking(BOTH)),
          entry(
              "io.k8s.api.coordination.v1.Lease",
              looselyNamed(SUBDOMAIN).creating(LeaseRules::create)),
          entry(
              STORAGE + "StorageClass",
              named(SUBDOMAIN)
                  .creating(StorageClassRules::create)
                  .updating(StorageClassRules::update)
                  .rechecking(BOTH)),
          entry(
              STORAGE + "VolumeAttributesClass",
              named(SUBDOMAIN)
                  .creating(StorageClassRules::attributes)
                  .updating(StorageClassRules::attributesUpdate)
                  .rechecking(BOTH)),
          entry(
              STORAGE + "VolumeAttachment",
              named(SUBDOMAIN)
                  .creating(AttachmentRules::create)
                  .updating(AttachmentRules::update)
                  .reporting(AttachmentRules::update)
                  .rechecking(OBJECT)
                  .tellingTwice((now, _) -> AttachmentRules.attachment(now))),
          entry(
              STORAGE + "CSIDriver",
              named(SUBDOMAIN).creating(CsiRules::driver).updating(CsiRules::driverUpdate)),
          entry(
              STORAGE + "CSINode",
              named(SUBDOMAIN)
                  .creating(CsiRules::node)
                  .updating(CsiRules::nodeUpdate)
                  .rechecking(OBJECT)
                  .tellingTwice()),
          entry(
              STORAGE + "CSIStorageCapacity",
              named(SUBDOMAIN)
                  .creating(CsiRules::capacity)
                  .updating(CsiRules::capacityUpdate)
                  .rechecking(BOTH)),
          entry(
              "io.k8s.api.certificates.v1.CertificateSigningRequest",
              named(SEGMENT)
                  .creating(CertificateRules::create)
                  .updating(CertificateRules::update)
                  .reporting(CertificateRules::status)
                  .through("approval", CertificateRules::approval)
                  .rechecking(BOTH)),
          entry("io.k8s.api.certificates.v1alpha1.ClusterTrustBundle", TRUST_BUNDLE),
          entry("io.k8s.api.certificates.v1beta1.ClusterTrustBundle", TRUST_BUNDLE),
          entry(AUTHENTICATION + "TokenRequest", bare().creating(ReviewRules::token)),
          entry(AUTHENTICATION + "TokenReview", bare()),
          entry(AUTHENTICATION + "SelfSubjectReview", bare()),
          entry(AUTHORIZATION + "SubjectAccessReview", bare().creating(ReviewRules::access)),
          entry(
              AUTHORIZATION + "LocalSubjectAccessReview",
              bare().creating(ReviewRules::localAccess)),
          entry(
              AUTHORIZATION + "SelfSubjectAccessReview", bare().creating(ReviewRules::selfAccess)),
          entry(AUTHORIZATION + "SelfSubjectRulesReview", bare()),
          entry("io.k8s.api.policy.v1.Eviction", bare()),
          entry(
              MandatoryFlows.TYPES + "FlowSchema",
              named(SUBDOMAIN)
                  .creating(FlowSchemaRules::create)
                  .reporting(FlowSchemaRules::status)
                  .rechecking(OBJECT)),
          entry(
              MandatoryFlows.TYPES + "PriorityLevelConfiguration",
              named(SUBDOMAIN)
                  .creating(PriorityLevelRules::create)
                  .reporting(FlowSchemaRules::status)
                  .rechecking(OBJECT)),
          entry(
              ADMISSION + "MutatingWebhookConfiguration",
              looselyNamed(SUBDOMAIN)
                  .creating(WebhookRules::create)
                  .updating(WebhookRules::update)
                  .rechecking(OBJECT)),
          entry(
              ADMISSION + "ValidatingWebhookConfiguration",
              looselyNamed(SUBDOMAIN)
                  .creating(WebhookRules::create)
                  .updating(WebhookRules::update)
                  .rechecking(OBJECT)),
          entry(
              ADMISSION + "ValidatingAdmissionPolicy",
              looselyNamed(SUBDOMAIN)
                  .creating(AdmissionPolicyRules::validating)
                  .updating(AdmissionPolicyRules::validatingUpdate)
                  .reporting(AdmissionPolicyRules::status)
                  .rechecking(OBJECT)),
          entry(
              ADMISSION + "MutatingAdmissionPolicy",
              looselyNamed(SUBDOMAIN)
                  .creating(AdmissionPolicyRules::mutating)
                  .updating(AdmissionPolicyRules::mutatingUpdate)
                  .rechecking(OBJECT)),
          entry(
              ADMISSION + "ValidatingAdmissionPolicyBinding",
              looselyNamed(SUBDOMAIN).creating(PolicyBindingRules::validating).rechecking(OBJECT)),
          entry(
              ADMISSION + "MutatingAdmissionPolicyBinding",
              looselyNamed(SUBDOMAIN).creating(PolicyBindingRules::mutating).rechecking(OBJECT)),
          entry(
              "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition",
              looselyNamed(SUBDOMAIN)
                  .creating(DefinitionRules::create)
                  .updating(DefinitionRules::update)
                  .reporting(DefinitionRules::status)),
          entry(
              "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService",
              looselyNamed(SEGMENT)
                  .creating(ApiServiceRules::create)
                  .reporting(ApiServiceRules::status)
                  .rechecking(BOTH)),
          entry(
              DeviceNames.TYPES + "ResourceClaim",
              named(SUBDOMAIN)
                  .creating(DeviceClaimRules::claim)
                  .updating(DeviceClaimRules::claimUpdate)
                  .reporting(DeviceStatusRules::update)
                  .rechecking(BOTH)),
          entry(
              DeviceNames.TYPES + "ResourceClaimTemplate",
              named(SUBDOMAIN)
                  .creating(DeviceClaimRules::template)
                  .updating(DeviceClaimRules::templateUpdate)
                  .rechecking(BOTH)),
          entry(
              DeviceNames.TYPES + "DeviceClass",
              named(SUBDOMAIN).creating(DeviceClaimRules::deviceClass).rechecking(BOTH)),
          entry(
              DeviceNames.TYPES + "ResourceSlice",
              named(SUBDOMAIN)
                  .creating(DeviceSliceRules::create)
                  .updating(DeviceSliceRules::update)),
          entry("io.k8s.api.resource.v1alpha3.DeviceTaintRule", TAINT_RULE),
          entry("io.k8s.api.resource.v1beta2.DeviceTaintRule", TAINT_RULE),
          entry(
              "io.k8s.api.scheduling.v1alpha2.PodGroup",
              named(SUBDOMAIN)
                  .creating(PodGroupRules::podGroup)
                  .updating(PodGroupRules::podGroupUpdate)
                  .reporting(PodGroupRules::podGroupStatus)),
          entry(
              "io.k8s.api.scheduling.v1alpha2.Workload",
              named(SUBDOMAIN)
                  .creating(PodGroupRules::workload)
                  .updating(PodGroupRules::workloadUpdate)));

  private Kinds() {}

  static KindRules of(Schema schema) {
    return switch (schema) {
      case Type type -> RULES.getOrDefault(type.name(), RULES.getOrDefault(type.stableName(), ANY));
      case StructuralSchema structural -> custom(structural);
    };
  }

  private static KindRules custom(StructuralSchema schema) {
    return ANY.creating(object -> schema.validate(object, null))
        .updating(schema::validate)
        .reporting(schema::validateStatus);
  }
}
