package dev.tiphys.apiserver.admission.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.admission.AdmissionSettings;
import dev.tiphys.apiserver.admission.PluginServer;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What admission charges to quotas. There is no controller here, so the tests say what is used.
class ResourceQuotasTest {

  private static final ApiResource QUOTAS =
      PluginServer.resource("v1", "resourcequotas", "ResourceQuota");

  private static final AdmissionSettings SETTINGS =
      AdmissionSettings.DEFAULT.without("ServiceAccount");

  private final PluginServer server = new PluginServer(SETTINGS);

  @AfterEach
  void close() {
    server.close();
  }

  private static void quota(Api api, String name, String spec, String used) {
    Struct quota =
        api.create(
            QUOTAS,
            PluginServer.json(
                "{'metadata':{'name':'%s','namespace':'a'},'spec':%s}".formatted(name, spec)));
    Struct status =
        Struct.of("hard", quota.struct("spec", "hard"), "used", PluginServer.json(used));
    api.update(QUOTAS, quota.with("status", status), "status");
  }

  private void quota(String name, String spec, String used) {
    quota(server.api, name, spec, used);
  }

  private String used(String name) {
    return server.api.get(QUOTAS, "a", name).struct("status", "used").toString();
  }

  private static String pod(String name, String spec, String container) {
    return "{'metadata':{'name':'%s','namespace':'a'},'spec':{'containers':[{'name':'c','image':'i'%s}]%s}}"
        .formatted(name, container, spec);
  }

  private Struct pod(String spec, String container) {
    return server.create(ApiResource.PODS, pod("p", spec, container));
  }

  /// What a Pod of each sort adds to what is used.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'pods':'5','count/pods':'5'} | '' | {\"count/pods\":\"1\",\"pods\":\"1\"}",
        "{'requests.cpu':'5','limits.memory':'1Gi','memory':'1Gi'} | ,'resources':{'requests':{'cpu':'1','memory':'2Mi'},'limits':{'cpu':'2','memory':'3Mi'}} | {\"limits.memory\":\"3Mi\",\"memory\":\"2Mi\",\"requests.cpu\":\"1\"}",
        "{'requests.ephemeral-storage':'5Gi'} | ,'resources':{'requests':{'ephemeral-storage':'1Gi'}} | {\"requests.ephemeral-storage\":\"1Gi\"}",
        "{'requests.example.com/gpu':'5'} | ,'resources':{'limits':{'example.com/gpu':'2'}} | {\"requests.example.com/gpu\":\"2\"}",
        "{'hugepages-2Mi':'1Gi'} | ,'resources':{'limits':{'hugepages-2Mi':'4Mi','memory':'1Mi'}} | {\"hugepages-2Mi\":\"4Mi\"}"
      })
  void podsAreCharged(String hard, String container, String used) {
    Struct zero = Struct.EMPTY;
    for (String name : PluginServer.json(hard).names()) {
      zero = zero.with(name, "0");
    }
    quota("q", "{'hard':" + hard + "}", zero.toString());

    pod("", container);

    assertThat(used("q")).isEqualTo(used);
  }

  @Test
  void whatDoesNotFitIsRefusedAndNotCharged() {
    quota("q", "{'hard':{'pods':'2','requests.cpu':'3'}}", "{'pods':'2','requests.cpu':'1'}");

    assertThatThrownBy(() -> pod("", ",'resources':{'requests':{'cpu':'3'}}"))
        .hasMessage(
            "pods \"p\" is forbidden: exceeded quota: q, requested: pods=1,requests.cpu=3, used:"
                + " pods=2,requests.cpu=1, limited: pods=2,requests.cpu=3");
    assertThat(used("q")).isEqualTo("{\"pods\":\"2\",\"requests.cpu\":\"1\"}");
  }

  @Test
  void aPodMustSayHowMuchItWantsOfWhatIsLimited() {
    quota("q", "{'hard':{'cpu':'2','limits.memory':'1Gi'}}", "{'cpu':'0','limits.memory':'0'}");

    assertThatThrownBy(() -> pod("", ""))
        .hasMessage(
            "pods \"p\" is forbidden: failed quota: q: must specify cpu for: c; limits.memory for:"
                + " c");
    assertThat(
            pod(",'resources':{'requests':{'cpu':'1'},'limits':{'cpu':'1','memory':'1Mi'}}", "")
                .isEmpty())
        .isFalse();
    assertThat(used("q")).isEqualTo("{\"cpu\":\"1\",\"limits.memory\":\"1Mi\"}");
  }

  @Test
  void aQuotaThatIsNotCountedYetIsWaitedFor() {
    quota("q", "{'hard':{'pods':'2'}}", "{}");

    assertThatThrownBy(() -> pod("", ""))
        .hasMessage("pods \"p\" is forbidden: status unknown for quota: q, resources: pods");
  }

  /// Which Pods a scope is about, by whether a quota of none refuses them.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'scopes':['Terminating'] | ,'activeDeadlineSeconds':5 | `` | true",
        "'scopes':['Terminating'] | `` | `` | false",
        "'scopes':['NotTerminating'] | ,'activeDeadlineSeconds':5 | `` | false",
        "'scopes':['NotTerminating'] | `` | `` | true",
        "'scopes':['BestEffort'] | `` | `` | true",
        "'scopes':['BestEffort'] | `` | ,'resources':{'requests':{'cpu':'1'}} | false",
        "'scopes':['NotBestEffort'] | `` | ,'resources':{'requests':{'cpu':'1'}} | true",
        "'scopes':['NotBestEffort','Terminating'] | `` | ,'resources':{'requests':{'cpu':'1'}} | false",
        "'scopeSelector':{'matchExpressions':[{'scopeName':'PriorityClass','operator':'In','values':['high']}]} | ,'priorityClassName':'high' | `` | true",
        "'scopeSelector':{'matchExpressions':[{'scopeName':'PriorityClass','operator':'In','values':['low']}]} | ,'priorityClassName':'high' | `` | false",
        "'scopeSelector':{'matchExpressions':[{'scopeName':'PriorityClass','operator':'NotIn','values':['low']}]} | ,'priorityClassName':'high' | `` | true",
        "'scopeSelector':{'matchExpressions':[{'scopeName':'PriorityClass','operator':'NotIn','values':['high']}]} | `` | `` | true",
        "'scopeSelector':{'matchExpressions':[{'scopeName':'PriorityClass','operator':'Exists'}]} | `` | `` | false",
        "'scopeSelector':{'matchExpressions':[{'scopeName':'PriorityClass','operator':'DoesNotExist'}]} | `` | `` | true",
        "'scopes':['CrossNamespacePodAffinity'] | ,'affinity':{'podAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[{'topologyKey':'z','namespaces':['b'],'labelSelector':{}}]}} | `` | true",
        "'scopes':['CrossNamespacePodAffinity'] | ,'affinity':{'podAntiAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[{'topologyKey':'z','labelSelector':{}}]}} | `` | false"
      })
  void aScopeSaysWhichPodsCount(String scope, String spec, String container, boolean counts) {
    server.create(
        PluginServer.resource("scheduling.k8s.io/v1", "priorityclasses", "PriorityClass", false),
        "{'metadata':{'name':'high'},'value':5}");
    quota("q", "{'hard':{'pods':'0'}," + scope + "}", "{'pods':'0'}");

    if (counts) {
      assertThatThrownBy(() -> pod(spec, container)).hasMessageContaining("exceeded quota: q");
    } else {
      assertThat(pod(spec, container).isEmpty()).isFalse();
    }
  }

  @Test
  void servicesAreChargedForTheirPortsAndForTheirChange() {
    quota(
        "q",
        "{'hard':{'services':'2','services.nodeports':'2','services.loadbalancers':'0'}}",
        "{'services':'0','services.nodeports':'0','services.loadbalancers':'0'}");
    Struct made =
        server.create(
            ApiResource.SERVICES,
            "{'metadata':{'name':'s','namespace':'a'},'spec':{'ports':[{'port':1,'name':'a'},{'port':2,'name':'b'}]}}");

    server.api.update(ApiResource.SERVICES, made.withAt("NodePort", "spec", "type"));

    assertThat(used("q"))
        .isEqualTo(
            "{\"services\":\"1\",\"services.loadbalancers\":\"0\",\"services.nodeports\":\"2\"}");
    assertThatThrownBy(
            () ->
                server.create(
                    ApiResource.SERVICES,
                    "{'metadata':{'name':'l','namespace':'a'},'spec':{'type':'LoadBalancer','ports':[{'port':1}]}}"))
        .hasMessage(
            "services \"l\" is forbidden: exceeded quota: q, requested:"
                + " services.loadbalancers=1,services.nodeports=1, used:"
                + " services.loadbalancers=0,services.nodeports=2, limited:"
                + " services.loadbalancers=0,services.nodeports=2");
  }

  @Test
  void claimsAreChargedToAllStorageAndToTheirClass() {
    quota(
        "q",
        "{'hard':{'requests.storage':'3Gi','gold.storageclass.storage.k8s.io/requests.storage':'1Gi','gold.storageclass.storage.k8s.io/persistentvolumeclaims':'5'}}",
        "{'requests.storage':'0','gold.storageclass.storage.k8s.io/requests.storage':'0','gold.storageclass.storage.k8s.io/persistentvolumeclaims':'0'}");
    String claim =
        "{'metadata':{'name':'%s','namespace':'a'},'spec':{'storageClassName':'%s','accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}}}";
    server.create(ApiResource.PERSISTENT_VOLUME_CLAIMS, claim.formatted("c", "gold"));
    server.create(ApiResource.PERSISTENT_VOLUME_CLAIMS, claim.formatted("d", "lead"));

    assertThat(used("q"))
        .isEqualTo(
            "{\"gold.storageclass.storage.k8s.io/persistentvolumeclaims\":\"1\","
                + "\"gold.storageclass.storage.k8s.io/requests.storage\":\"1Gi\","
                + "\"requests.storage\":\"2Gi\"}");
    assertThatThrownBy(
            () -> server.create(ApiResource.PERSISTENT_VOLUME_CLAIMS, claim.formatted("e", "gold")))
        .hasMessageContaining("exceeded quota: q");
  }

  @Test
  void anyKindCanBeCounted() {
    quota(
        "q",
        "{'hard':{'count/deployments.apps':'1','configmaps':'1'}}",
        "{'count/deployments.apps':'1','configmaps':'0'}");

    server.create(ApiResource.CONFIG_MAPS, "{'metadata':{'name':'m','namespace':'a'}}");

    assertThatThrownBy(
            () ->
                server.create(ApiResource.CONFIG_MAPS, "{'metadata':{'name':'n','namespace':'a'}}"))
        .hasMessage(
            "configmaps \"n\" is forbidden: exceeded quota: q, requested: configmaps=1, used:"
                + " configmaps=1, limited: configmaps=1");
    assertThatThrownBy(
            () ->
                server.create(
                    ApiResource.DEPLOYMENTS,
                    "{'metadata':{'name':'d','namespace':'a'},'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}}"))
        .hasMessageContaining("requested: count/deployments.apps=1");
  }

  @Test
  void allQuotasOfTheNamespaceAreChargedOrNone() {
    quota("q", "{'hard':{'pods':'5'}}", "{'pods':'1'}");
    quota("r", "{'hard':{'pods':'1'}}", "{'pods':'1'}");

    assertThatThrownBy(() -> pod("", "")).hasMessageContaining("exceeded quota: r");
    assertThat(used("q")).isEqualTo("{\"pods\":\"1\"}");
  }

  /// As an administrator configures it, some things are only used where a quota covers them.
  @Test
  void whatIsLimitedNeedsAQuota() {
    try (PluginServer limited =
        new PluginServer(
            SETTINGS.configured(
                "ResourceQuota",
                PluginServer.json(
                    "{'limitedResources':[{'resource':'pods','matchContains':['requests.cpu']}]}")))) {
      String pod = pod("p", "", ",'resources':{'requests':{'cpu':'1'}}");

      assertThatThrownBy(() -> limited.create(ApiResource.PODS, pod))
          .hasMessage("pods \"p\" is forbidden: insufficient quota to consume: requests.cpu");

      quota(limited.api, "q", "{'hard':{'requests.cpu':'1'}}", "{'requests.cpu':'0'}");
      assertThat(limited.create(ApiResource.PODS, pod).isEmpty()).isFalse();
    }
  }

  @Test
  void sixtyFourWritersAtOnceNeverExceedTheQuota() throws Exception {
    World world = new RealWorld();
    try (ApiServer real =
            new ApiServer(
                EmbeddedStore.inMemory(world), world, ApiServerSettings.standard().with(SETTINGS));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Api api = real.api("test");
      api.create(ApiResource.NAMESPACES, PluginServer.json("{'metadata':{'name':'a'}}"));
      quota(api, "q", "{'hard':{'pods':'20'}}", "{'pods':'0'}");
      quota(api, "r", "{'hard':{'count/pods':'30'}}", "{'count/pods':'0'}");
      List<Callable<Integer>> writers = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        String pod = pod("p" + i, "", "");
        writers.add(() -> isMade(api, pod) ? 1 : 0);
      }
      int made = 0;
      for (Future<Integer> writer : threads.invokeAll(writers)) {
        made += writer.get();
      }

      assertThat(made).isEqualTo(20);
      assertThat(api.get(QUOTAS, "a", "q").string("status", "used", "pods")).isEqualTo("20");
      assertThat(api.get(QUOTAS, "a", "r").string("status", "used", "count/pods")).isEqualTo("20");
    }
  }

  /// A writer that comes too late is told of the quota, and of nothing else.
  private static boolean isMade(Api api, String pod) {
    try {
      api.create(ApiResource.PODS, PluginServer.json(pod));
      return true;
    } catch (ApiException e) {
      assertThat(e.reason()).isEqualTo(Reason.FORBIDDEN);
      assertThat(e.message()).contains("exceeded quota: q");
      return false;
    }
  }
}
