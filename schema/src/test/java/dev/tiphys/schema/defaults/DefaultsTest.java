package dev.tiphys.schema.defaults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.Objects;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.ResourceTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DefaultsTest {

  @ParameterizedTest
  @CsvSource({
    "nginx, Always",
    "nginx:latest, Always",
    "registry:5000/nginx, Always",
    "registry:5000/team/nginx:latest, Always",
    "nginx:1.27, IfNotPresent",
    "registry.example.com/nginx:1.27, IfNotPresent",
    "nginx@sha256:7173b809ca12ec5dee4506cd86be934c4596dd234ee82c0662eac04a8c2c71dc, IfNotPresent",
    "nginx:latest@sha256:7173b809ca12ec5dee4506cd86be934c4596dd234ee82c0662eac04a8c2c71dc, Always",
    "nginx:latest@sha256:short, IfNotPresent",
    "7173b809ca12ec5dee4506cd86be934c4596dd234ee82c0662eac04a8c2c71dc, IfNotPresent",
    "'no image', IfNotPresent",
    "'', IfNotPresent",
    "Upper/case, Always",
    "team/Upper, IfNotPresent",
    "[::1]:5000/nginx, Always"
  })
  void anImageIsAlwaysPulledIfItsTagIsLatest(String image, String policy) {
    assertThat(ImageReference.pullPolicy(image)).isEqualTo(policy);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\0',
      value = {
        // Every template of Pods.
        "v1/pods; {'spec':{'containers':[{'image':'a:1'}]}}; spec.containers.0.imagePullPolicy; 'IfNotPresent'",
        "v1/pods; {'spec':{'initContainers':[{'image':'a'}]}}; spec.initContainers.0.imagePullPolicy; 'Always'",
        "v1/pods; {'spec':{'ephemeralContainers':[{'image':'a'}]}}; spec.ephemeralContainers.0.imagePullPolicy; 'Always'",
        "v1/pods; {'spec':{'containers':[{'image':'a','imagePullPolicy':'Never'}]}}; spec.containers.0.imagePullPolicy; 'Never'",
        "v1/pods; {'spec':{'volumes':[{'name':'v'}]}}; spec.volumes.0.emptyDir; {}",
        "v1/pods; {'spec':{'volumes':[{'name':'v','secret':{}}]}}; spec.volumes.0.emptyDir; -",
        "v1/pods; {'spec':{'volumes':[{'name':'v','image':{'reference':'a'}}]}}; spec.volumes.0.image.pullPolicy; 'Always'",
        "v1/podtemplates; {'template':{'spec':{'volumes':[{'name':'v'}]}}}; template.spec.volumes.0.emptyDir; {}",
        "v1/replicationcontrollers; {'spec':{'template':{'spec':{'containers':[{'image':'a'}]}}}}; spec.template.spec.containers.0.imagePullPolicy; 'Always'",
        "apps/v1/deployments; {'spec':{'template':{'spec':{'containers':[{'image':'a'}]}}}}; spec.template.spec.containers.0.imagePullPolicy; 'Always'",
        "apps/v1/replicasets; {'spec':{'template':{'spec':{'containers':[{'image':'a'}]}}}}; spec.template.spec.containers.0.imagePullPolicy; 'Always'",
        "apps/v1/statefulsets; {'spec':{'template':{'spec':{'containers':[{'image':'a'}]}}}}; spec.template.spec.containers.0.imagePullPolicy; 'Always'",
        "apps/v1/daemonsets; {'spec':{'template':{'spec':{'containers':[{'image':'a'}]}}}}; spec.template.spec.containers.0.imagePullPolicy; 'Always'",
        "batch/v1/jobs; {'spec':{'template':{'spec':{'containers':[{'image':'a'}]}}}}; spec.template.spec.containers.0.imagePullPolicy; 'Always'",
        "batch/v1/cronjobs; {'spec':{'jobTemplate':{'spec':{'template':{'spec':{'containers':[{'image':'a'}]}}}}}}; spec.jobTemplate.spec.template.spec.containers.0.imagePullPolicy; 'Always'",
        "v1/pods; {'spec':{'serviceAccountName':'a'}}; spec.serviceAccount; 'a'",
        "v1/pods; {'spec':{'serviceAccount':'a'}}; spec.serviceAccountName; 'a'",
        "v1/pods; {'spec':{'serviceAccount':'a','serviceAccountName':'b'}}; spec.serviceAccount; 'b'",
        "v1/pods; {'metadata':{'annotations':{'pod.beta.kubernetes.io/init-containers':'x'}}}; metadata.annotations; -",
        // Pods alone.
        "v1/pods; {'spec':{}}; spec.enableServiceLinks; true",
        "v1/pods; {'spec':{'enableServiceLinks':false}}; spec.enableServiceLinks; false",
        "apps/v1/deployments; {'spec':{'template':{'spec':{}}}}; spec.template.spec.enableServiceLinks; -",
        "v1/pods; {'spec':{'terminationGracePeriodSeconds':-5}}; spec.terminationGracePeriodSeconds; 1",
        "v1/pods; {'spec':{'containers':[{'resources':{'limits':{'cpu':'1','memory':'1Gi'},'requests':{'cpu':'500m'}}}]}}; spec.containers.0.resources.requests; {'cpu':'500m','memory':'1Gi'}",
        "v1/pods; {'spec':{'initContainers':[{'resources':{'limits':{'cpu':'1'}}}]}}; spec.initContainers.0.resources.requests; {'cpu':'1'}",
        "apps/v1/deployments; {'spec':{'template':{'spec':{'containers':[{'resources':{'limits':{'cpu':'1'}}}]}}}}; spec.template.spec.containers.0.resources.requests; -",
        "v1/pods; {'spec':{'hostNetwork':true,'containers':[{'ports':[{'containerPort':80}]}]}}; spec.containers.0.ports.0.hostPort; 80",
        "v1/pods; {'spec':{'containers':[{'ports':[{'containerPort':80}]}]}}; spec.containers.0.ports.0.hostPort; -",
        "apps/v1/daemonsets; {'spec':{'template':{'spec':{'hostNetwork':true,'containers':[{'ports':[{'containerPort':80}]}]}}}}; spec.template.spec.containers.0.ports.0.hostPort; -",
        "v1/pods; {'status':{'podIP':'10.0.0.1'}}; status.podIPs; [{'ip':'10.0.0.1'}]",
        "v1/pods; {'status':{'podIPs':[{'ip':'10.0.0.1'}]}}; status.podIP; '10.0.0.1'",
        "v1/pods; {'status':{'podIP':'10.0.0.2','podIPs':[{'ip':'10.0.0.1'},{'ip':'::1'}]}}; status.podIPs; [{'ip':'10.0.0.2'}]",
        // Services.
        "v1/services; {}; spec.sessionAffinity; 'None'",
        "v1/services; {'spec':{'sessionAffinityConfig':{'clientIP':{'timeoutSeconds':5}}}}; spec.sessionAffinityConfig; -",
        "v1/services; {'spec':{'sessionAffinity':'ClientIP'}}; spec.sessionAffinityConfig; {'clientIP':{'timeoutSeconds':10800}}",
        "v1/services; {'spec':{'sessionAffinity':'ClientIP','sessionAffinityConfig':{'clientIP':{'timeoutSeconds':5}}}}; spec.sessionAffinityConfig.clientIP.timeoutSeconds; 5",
        "v1/services; {'spec':{'ports':[{'port':80}]}}; spec.ports.0.targetPort; 80",
        "v1/services; {'spec':{'ports':[{'port':80,'targetPort':'http'}]}}; spec.ports.0.targetPort; 'http'",
        "v1/services; {}; spec.internalTrafficPolicy; 'Cluster'",
        "v1/services; {'spec':{'type':'ExternalName'}}; spec.internalTrafficPolicy; -",
        "v1/services; {}; spec.externalTrafficPolicy; -",
        "v1/services; {'spec':{'externalIPs':['1.2.3.4']}}; spec.externalTrafficPolicy; 'Cluster'",
        "v1/services; {'spec':{'type':'NodePort'}}; spec.externalTrafficPolicy; 'Cluster'",
        "v1/services; {'spec':{'type':'LoadBalancer'}}; spec.allocateLoadBalancerNodePorts; true",
        "v1/services; {'spec':{'type':'NodePort'}}; spec.allocateLoadBalancerNodePorts; -",
        "v1/services; {'spec':{'type':'LoadBalancer'},'status':{'loadBalancer':{'ingress':[{'ip':'1.2.3.4'},{'hostname':'a'}]}}}; status.loadBalancer.ingress; [{'ip':'1.2.3.4','ipMode':'VIP'},{'hostname':'a'}]",
        // The rest of the core group.
        "v1/secrets; {}; type; 'Opaque'",
        "v1/secrets; {'data':{'a':'eA==','b':'eA=='},'stringData':{'b':'y'}}; data; {'a':'eA==','b':'eQ=='}",
        "v1/secrets; {'stringData':{'b':'y'}}; stringData; -",
        "v1/replicationcontrollers; {'spec':{'template':{'metadata':{'labels':{'a':'b'}}}}}; spec.selector; {'a':'b'}",
        "v1/replicationcontrollers; {'spec':{'template':{'metadata':{'labels':{'a':'b'}}}}}; metadata.labels; {'a':'b'}",
        "v1/namespaces; {'metadata':{'name':'a','labels':{'kubernetes.io/metadata.name':'b'}}}; metadata.labels; {'kubernetes.io/metadata.name':'a'}",
        "v1/nodes; {'status':{'capacity':{'cpu':'4'}}}; status.allocatable; {'cpu':'4'}",
        "v1/nodes; {'spec':{'podCIDR':'10.0.0.0/24'}}; spec.podCIDRs; ['10.0.0.0/24']",
        "v1/limitranges; {'spec':{'limits':[{'type':'Container','max':{'cpu':'2'},'min':{'memory':'1Gi'}}]}}; spec.limits.0.default; {'cpu':'2'}",
        "v1/limitranges; {'spec':{'limits':[{'type':'Container','max':{'cpu':'2'},'min':{'memory':'1Gi'}}]}}; spec.limits.0.defaultRequest; {'cpu':'2','memory':'1Gi'}",
        "v1/limitranges; {'spec':{'limits':[{'type':'Pod','max':{'cpu':'2'}}]}}; spec.limits.0.default; -",
        // Workloads.
        "apps/v1/deployments; {}; spec.strategy; {'rollingUpdate':{'maxSurge':'25%','maxUnavailable':'25%'},'type':'RollingUpdate'}",
        "apps/v1/deployments; {'spec':{'strategy':{'rollingUpdate':{'maxSurge':1}}}}; spec.strategy.rollingUpdate; {'maxSurge':1,'maxUnavailable':'25%'}",
        "apps/v1/deployments; {'spec':{'strategy':{'type':'Recreate'}}}; spec.strategy; {'type':'Recreate'}",
        "apps/v1/daemonsets; {}; spec.updateStrategy; {'rollingUpdate':{'maxSurge':0,'maxUnavailable':1},'type':'RollingUpdate'}",
        "apps/v1/daemonsets; {'spec':{'updateStrategy':{'type':'OnDelete'}}}; spec.updateStrategy; {'type':'OnDelete'}",
        "apps/v1/statefulsets; {}; spec.updateStrategy; {'rollingUpdate':{'partition':0},'type':'RollingUpdate'}",
        "apps/v1/statefulsets; {'spec':{'updateStrategy':{'type':'RollingUpdate'}}}; spec.updateStrategy; {'type':'RollingUpdate'}",
        "apps/v1/statefulsets; {'spec':{'persistentVolumeClaimRetentionPolicy':{'whenScaled':'Delete'}}}; spec.persistentVolumeClaimRetentionPolicy; {'whenDeleted':'Retain','whenScaled':'Delete'}",
        "apps/v1/statefulsets; {'spec':{'volumeClaimTemplates':[{}]}}; spec.volumeClaimTemplates.0.kind; 'PersistentVolumeClaim'",
        "batch/v1/jobs; {}; spec.completions; 1",
        "batch/v1/jobs; {'spec':{'completions':5}}; spec.parallelism; 1",
        "batch/v1/jobs; {'spec':{'parallelism':5}}; spec.completions; -",
        "batch/v1/jobs; {}; spec.backoffLimit; 6",
        "batch/v1/jobs; {'spec':{'backoffLimitPerIndex':1}}; spec.backoffLimit; 2147483647",
        "batch/v1/jobs; {}; spec.completionMode; 'NonIndexed'",
        "batch/v1/jobs; {}; spec.suspend; false",
        "batch/v1/jobs; {}; spec.manualSelector; false",
        "batch/v1/jobs; {}; spec.podReplacementPolicy; 'TerminatingOrFailed'",
        "batch/v1/jobs; {'spec':{'podFailurePolicy':{}}}; spec.podReplacementPolicy; 'Failed'",
        "batch/v1/jobs; {'spec':{'template':{'metadata':{'labels':{'a':'b'}}}}}; metadata.labels; {'a':'b'}",
        "batch/v1/cronjobs; {'spec':{'jobTemplate':{}}}; spec.jobTemplate.spec.completions; -",
        // Autoscalers.
        "autoscaling/v1/horizontalpodautoscalers; {}; spec.targetCPUUtilizationPercentage; 80",
        "autoscaling/v1/horizontalpodautoscalers; {'metadata':{'annotations':{'autoscaling.alpha.kubernetes.io/metrics':'[]'}}}; spec.targetCPUUtilizationPercentage; -",
        "autoscaling/v2/horizontalpodautoscalers; {}; spec.behavior; -",
        "autoscaling/v2/horizontalpodautoscalers; {'spec':{'behavior':{'scaleDown':{'stabilizationWindowSeconds':5}}}}; spec.behavior.scaleDown; {'policies':[{'periodSeconds':15,'type':'Percent','value':100}],'selectPolicy':'Max','stabilizationWindowSeconds':5}",
        "autoscaling/v2/horizontalpodautoscalers; {'spec':{'behavior':{}}}; spec.behavior.scaleUp; {'policies':[{'periodSeconds':15,'type':'Pods','value':4},{'periodSeconds':15,'type':'Percent','value':100}],'selectPolicy':'Max','stabilizationWindowSeconds':0}",
        // Policies, devices, definitions.
        "networking.k8s.io/v1/networkpolicies; {}; spec.policyTypes; ['Ingress']",
        "networking.k8s.io/v1/networkpolicies; {'spec':{'egress':[{}]}}; spec.policyTypes; ['Ingress','Egress']",
        "rbac.authorization.k8s.io/v1/rolebindings; {'subjects':[{'kind':'User','name':'a'},{'kind':'ServiceAccount','name':'b'}]}; subjects.0.apiGroup; 'rbac.authorization.k8s.io'",
        "rbac.authorization.k8s.io/v1/clusterrolebindings; {'subjects':[{'kind':'ServiceAccount','name':'b'}]}; subjects.0.apiGroup; -",
        "resource.k8s.io/v1/resourceclaims; {'spec':{'devices':{'requests':[{'exactly':{}}]}}}; spec.devices.requests.0.exactly.count; 1",
        "resource.k8s.io/v1/resourceclaims; {'spec':{'devices':{'requests':[{'exactly':{'allocationMode':'All'}}]}}}; spec.devices.requests.0.exactly.count; -",
        "resource.k8s.io/v1/resourceclaimtemplates; {'spec':{'spec':{'devices':{'requests':[{'firstAvailable':[{}]}]}}}}; spec.spec.devices.requests.0.firstAvailable.0.count; 1",
        "apiextensions.k8s.io/v1/customresourcedefinitions; {'spec':{'names':{'kind':'CronTab'}}}; spec.names.singular; 'crontab'",
        "apiextensions.k8s.io/v1/customresourcedefinitions; {'spec':{'names':{'kind':'CronTab'}}}; spec.names.listKind; 'CronTabList'",
        "apiextensions.k8s.io/v1/customresourcedefinitions; {'spec':{'versions':[{'name':'v1','storage':false},{'name':'v2','storage':true}]}}; status.storedVersions; ['v2']",
      })
  void fieldsFollowFromOtherFields(String resource, String object, String path, String expected) {
    Object value = Objects.at(completed(resource, object), path);

    assertThat(value == null ? "-" : Json.text(value)).isEqualTo(expected.replace('\'', '"'));
  }

  @Test
  void resourcesOfThePodAreCompletedFromThoseOfItsContainers() {
    Struct pod =
        completed(
            "v1/pods",
            """
            {'spec':{
              'resources':{'limits':{'cpu':'4','memory':'4Gi'}},
              'containers':[
                {'name':'a','resources':{'requests':{'cpu':'1'},'limits':{'hugepages-2Mi':'2Mi'}}},
                {'name':'b','resources':{'requests':{'cpu':'500m'}}}],
              'initContainers':[
                {'name':'c','restartPolicy':'Always','resources':{'requests':{'cpu':'250m'}}},
                {'name':'d','resources':{'requests':{'cpu':'3'}}}]}}
            """);

    assertThat(pod.struct("spec", "resources"))
        .isEqualTo(
            Objects.json(
                "{'limits':{'cpu':'4','hugepages-2Mi':'2Mi','memory':'4Gi'},"
                    + "'requests':{'cpu':'3250m','hugepages-2Mi':'2Mi','memory':'4Gi'}}"));
  }

  @Test
  void aPodWithoutResourcesOfItsOwnGetsNone() {
    Struct pod =
        completed("v1/pods", "{'spec':{'containers':[{'resources':{'limits':{'cpu':'1'}}}]}}");

    assertThat(pod.has("spec", "resources")).isFalse();
  }

  @ParameterizedTest
  @MethodSource("resources")
  void applyingTwiceChangesNothingMore(Resource resource) {
    Struct once = Defaults.apply(resource, Objects.normalized(resource, "{}"));

    assertThat(Defaults.apply(resource, once)).isSameAs(once);
  }

  static java.util.List<Resource> resources() {
    return ResourceTable.builtIn();
  }

  private static Struct completed(String path, String object) {
    Resource resource = Objects.resource(path);
    Struct once = Defaults.apply(resource, Objects.normalized(resource, object));
    assertThat(Defaults.apply(resource, once)).isSameAs(once);
    return once;
  }
}
