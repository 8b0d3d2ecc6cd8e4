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

  private static Struct owner(String kind, Struct owner) {
    return json("{'apiVersion':'apps/v1','controller':true}")
        .with("kind", kind)
        .with("name", Meta.of(owner).name())
        .with("uid", Meta.of(owner).uid());
  }
}
