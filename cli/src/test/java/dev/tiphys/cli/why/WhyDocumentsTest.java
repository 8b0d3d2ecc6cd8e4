package dev.tiphys.cli.why;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.cli.why.WhyCommand.Kind;
import dev.tiphys.cli.why.WhyCommand.Question;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WhyDocumentsTest {

  private static final Struct DECISION = Struct.of("namespace", "default", "name", "web");

  private final VirtualWorld world = new VirtualWorld(1);
  private final ApiServer server =
      new ApiServer(
          EmbeddedStore.inMemory(world),
          world,
          ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
  private final Api api = server.api("tester");
  private final WhyDocuments documents =
      new WhyDocuments(
          api,
          (namespace, pod) ->
              namespace.equals("default") && pod.startsWith("web")
                  ? Optional.of(DECISION)
                  : Optional.empty());

  @BeforeEach
  void prepare() {
    server.defaults(new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1")).ensure();
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static Struct json(String text) {
    return Json.struct(text.replace('\'', '"'));
  }

  @Test
  void aDecisionIsAtThePathOfThePod() {
    assertThat(documents.apply("/why/namespaces/default/pods/web")).contains(DECISION);
    assertThat(documents.apply(WhyDocuments.path("default", new Question(Kind.POD, "web"))))
        .contains(DECISION);
  }

  @Test
  void aPodThatTheSchedulerDoesNotKnowIsNotFound() {
    assertThatThrownBy(() -> documents.apply("/why/namespaces/default/pods/other"))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.is(Reason.NOT_FOUND)).isTrue();
              assertThat(e.message()).isEqualTo("pods \"other\" not found");
            });
  }

  @Test
  void otherPathsAreNotAnswered() {
    assertThat(documents.apply("/why/namespaces/default/nodes/web")).isEmpty();
    assertThat(documents.apply("/why/namespaces/default/pods/web/more")).isEmpty();
    assertThat(documents.apply("/version")).isEmpty();
  }

  @Test
  void aDeploymentsAnswerHasTheDecisionsAboutItsPods() {
    Struct template =
        json("{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}");
    Struct selector = json("{'matchLabels':{'a':'b'}}");
    Struct deployment =
        api.create(
            ApiResource.DEPLOYMENTS,
            json("{'metadata':{'name':'web','namespace':'default'}}")
                .with("spec", Struct.of("selector", selector, "template", template)));
    Struct replicaSet =
        api.create(
            ApiResource.REPLICA_SETS,
            json("{'metadata':{'name':'web-1','namespace':'default'}}")
                .withAt(List.of(owner("Deployment", deployment)), "metadata", "ownerReferences")
                .with("spec", Struct.of("selector", selector, "template", template)));
    api.create(
        ApiResource.PODS,
        json("{'metadata':{'name':'web-1-a','namespace':'default'}}")
            .withAt(List.of(owner("ReplicaSet", replicaSet)), "metadata", "ownerReferences")
            .with("spec", template.struct("spec")));

    Struct answer = documents.apply("/why/namespaces/default/deployments/web").orElseThrow();
    assertThat(answer.string("replicaSet")).isEqualTo("web-1");
    assertThat(answer.structs("pods"))
        .singleElement()
        .satisfies(pod -> assertThat(pod.struct("decision")).isEqualTo(DECISION));
    assertThatThrownBy(() -> documents.apply("/why/namespaces/default/deployments/none"))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> assertThat(e.message()).isEqualTo("deployments.apps \"none\" not found"));
  }

  @Test
  void aStatefulSetsAnswerHasThePodsThatAreItsOwn() {
    Struct template =
        json("{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}");
    Struct set =
        api.create(
            ApiResource.STATEFUL_SETS,
            json("{'metadata':{'name':'web','namespace':'default'}}")
                .with(
                    "spec",
                    json("{'replicas':3,'serviceName':'web','selector':{'matchLabels':{'a':'b'}}}")
                        .with("template", template)));
    pod("web-0", "StatefulSet", set, template, "{'phase':'Running','conditions':[READY]}");
    pod("web-1", "StatefulSet", set, template, "{'phase':'Pending'}");
    api.create(
        ApiResource.PODS,
        json("{'metadata':{'name':'stranger','namespace':'default','labels':{'a':'b'}}}")
            .with("spec", template.struct("spec")));

    Struct answer = documents.apply("/why/namespaces/default/statefulsets/web").orElseThrow();
    assertThat(answer.string("kind")).isEqualTo("StatefulSet");
    assertThat(answer.integer("wanted")).isEqualTo(3);
    assertThat(answer.structs("pods")).extracting(pod -> pod.string("name")).containsOnly("web-1");
  }

  @Test
  void ofAJobsPodsThoseThatAreDoneAreInNoWay() {
    Struct spec = json("{'restartPolicy':'Never','containers':[{'name':'c','image':'i'}]}");
    Struct job =
        api.create(
            ApiResource.JOBS,
            json("{'metadata':{'name':'web','namespace':'default'}}")
                .with("spec", Struct.of("completions", 2L, "template", Struct.of("spec", spec))));
    Struct template = Struct.of("spec", spec);
    pod("web-a", "Job", job, template, "{'phase':'Succeeded'}");
    pod("web-b", "Job", job, template, "{'phase':'Failed'}");

    Struct answer = documents.apply("/why/namespaces/default/jobs/web").orElseThrow();
    assertThat(answer.integer("wanted")).isEqualTo(2);
    assertThat(answer.structs("pods")).extracting(pod -> pod.string("name")).containsOnly("web-b");
  }

  private void pod(String name, String kind, Struct owner, Struct template, String status) {
    Struct made =
        api.create(
            ApiResource.PODS,
            json("{'metadata':{'namespace':'default'}}")
                .withAt(name, "metadata", "name")
                .withAt(List.of(owner(kind, owner)), "metadata", "ownerReferences")
                .with("spec", template.struct("spec")));
    api.update(
        ApiResource.PODS,
        made.with("status", json(status.replace("READY", "{'type':'Ready','status':'True'}"))),
        "status");
  }

  private static Struct owner(String kind, Struct owner) {
    return json("{'controller':true}")
        .with("apiVersion", kind.equals("Job") ? "batch/v1" : "apps/v1")
        .with("kind", kind)
        .with("name", Meta.of(owner).name())
        .with("uid", Meta.of(owner).uid());
  }
}
