package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.reflect.TypeToken;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import io.kubernetes.client.util.PatchUtils;
import io.kubernetes.client.util.Watch;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// The client libraries that Java programs use: fabric8's, and the official one.
@Tag("e2e")
@TestInstance(Lifecycle.PER_CLASS)
class JavaClientsTest {

  private TestCluster cluster;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    cluster = new TestCluster(directory).up("--node", "simulated");
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private KubernetesClient fabric8() throws IOException {
    return new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(Files.readString(cluster.kubeconfig())))
        .build();
  }

  private ApiClient official() throws IOException {
    try (Reader reader = Files.newBufferedReader(cluster.kubeconfig())) {
      return ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(reader)).build();
    }
  }

  @Test
  void fabric8RollsADeploymentOutAndScalesIt() throws IOException {
    try (KubernetesClient client = fabric8()) {
      Deployment deployment =
          client
              .resource(Serialization.unmarshal(Manifests.web("fabric", 2), Deployment.class))
              .create();

      client.resource(deployment).waitUntilReady(1, TimeUnit.MINUTES);
      client.apps().deployments().inNamespace("default").withName("fabric").scale(3);

      Deployment scaled =
          client
              .apps()
              .deployments()
              .inNamespace("default")
              .withName("fabric")
              .waitUntilCondition(
                  d -> d != null && Integer.valueOf(3).equals(d.getStatus().getAvailableReplicas()),
                  1,
                  TimeUnit.MINUTES);
      assertThat(scaled.getSpec().getReplicas()).isEqualTo(3);
      assertThat(client.pods().inNamespace("default").withLabel("app", "fabric").list().getItems())
          .hasSize(3)
          .allSatisfy(pod -> assertThat(pod.getStatus().getPhase()).isEqualTo("Running"));
    }
  }

  @Test
  void fabric8sInformerIsToldOfChanges() throws Exception {
    CompletableFuture<String> changed = new CompletableFuture<>();
    try (KubernetesClient client = fabric8();
        SharedIndexInformer<ConfigMap> _ =
            client
                .configMaps()
                .inNamespace("default")
                .inform(
                    new ResourceEventHandler<>() {
                      @Override
                      public void onAdd(ConfigMap added) {}

                      @Override
                      public void onUpdate(ConfigMap before, ConfigMap now) {
                        if (now.getMetadata().getName().equals("informed")) {
                          changed.complete(now.getData().get("a"));
                        }
                      }

                      @Override
                      public void onDelete(ConfigMap last, boolean unknown) {}
                    })) {
      ConfigMap object =
          client
              .resource(
                  new ConfigMapBuilder()
                      .withNewMetadata()
                      .withName("informed")
                      .withNamespace("default")
                      .endMetadata()
                      .addToData("a", "1")
                      .build())
              .create();
      client.resource(object).edit(map -> new ConfigMapBuilder(map).addToData("a", "2").build());

      assertThat(changed.get(1, TimeUnit.MINUTES)).isEqualTo("2");
    }
  }

  @Test
  void fabric8IsRefusedAsByUpstream() throws IOException {
    try (KubernetesClient client = fabric8()) {
      ConfigMap wrong =
          new ConfigMapBuilder()
              .withNewMetadata()
              .withName("Wrong")
              .withNamespace("default")
              .endMetadata()
              .build();

      assertThatThrownBy(() -> client.resource(wrong).create())
          .isInstanceOfSatisfying(
              KubernetesClientException.class,
              e -> {
                assertThat(e.getCode()).isEqualTo(422);
                assertThat(e.getStatus().getReason()).isEqualTo("Invalid");
                assertThat(e.getStatus().getDetails().getCauses().getFirst().getField())
                    .isEqualTo("metadata.name");
              });
    }
  }

  @Test
  void theOfficialClientCreatesPatchesListsAndWatches() throws Exception {
    ApiClient client = official();
    CoreV1Api api = new CoreV1Api(client);
    V1ConfigMap created =
        api.createNamespacedConfigMap(
                "default",
                new V1ConfigMap()
                    .metadata(new V1ObjectMeta().generateName("official-"))
                    .data(Map.of("a", "1")))
            .execute();
    String name = created.getMetadata().getName();

    PatchUtils.patch(
        V1ConfigMap.class,
        () ->
            api.patchNamespacedConfigMap(name, "default", new V1Patch("{\"data\":{\"a\":\"2\"}}"))
                .buildCall(null),
        V1Patch.PATCH_FORMAT_STRATEGIC_MERGE_PATCH,
        client);

    assertThat(api.listNamespacedConfigMap("default").execute().getItems())
        .anySatisfy(map -> assertThat(map.getMetadata().getName()).isEqualTo(name));
    client.setHttpClient(
        client.getHttpClient().newBuilder().readTimeout(1, TimeUnit.MINUTES).build());
    try (Watch<V1ConfigMap> watch =
        Watch.createWatch(
            client,
            api.listNamespacedConfigMap("default")
                .watch(true)
                .resourceVersion(created.getMetadata().getResourceVersion())
                .fieldSelector("metadata.name=" + name)
                .buildCall(null),
            new TypeToken<Watch.Response<V1ConfigMap>>() {}.getType())) {
      Watch.Response<V1ConfigMap> event = watch.next();
      assertThat(event.type).isEqualTo("MODIFIED");
      assertThat(event.object.getData()).containsEntry("a", "2");
    }
  }

  @Test
  void fabric8AppliesByTheServer() throws IOException {
    try (KubernetesClient client = fabric8()) {
      ConfigMap wanted =
          new ConfigMapBuilder()
              .withNewMetadata()
              .withName("applied")
              .withNamespace("default")
              .endMetadata()
              .addToData("a", "1")
              .build();
      client.resource(wanted).fieldManager("one").serverSideApply();
      ConfigMap changed = new ConfigMapBuilder(wanted).addToData("a", "2").build();

      assertThatThrownBy(() -> client.resource(changed).fieldManager("two").serverSideApply())
          .isInstanceOfSatisfying(
              KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
      ConfigMap forced =
          client.resource(changed).fieldManager("two").forceConflicts().serverSideApply();

      assertThat(forced.getData()).containsEntry("a", "2");
      assertThat(forced.getMetadata().getManagedFields())
          .extracting(entry -> entry.getManager() + "/" + entry.getOperation())
          .containsExactly("two/Apply");
    }
  }

  @Test
  void theOfficialClientAppliesByTheServer() throws Exception {
    ApiClient client = official();
    CoreV1Api api = new CoreV1Api(client);
    V1ConfigMap applied =
        PatchUtils.patch(
            V1ConfigMap.class,
            () ->
                api.patchNamespacedConfigMap(
                        "official-applied",
                        "default",
                        new V1Patch(
                            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\","
                                + "\"metadata\":{\"name\":\"official-applied\"},"
                                + "\"data\":{\"a\":\"1\"}}"))
                    .fieldManager("java")
                    .buildCall(null),
            V1Patch.PATCH_FORMAT_APPLY_YAML,
            client);

    assertThat(applied.getData()).containsEntry("a", "1");
    assertThat( // the client itself does not read them
            cluster.k(
                "get",
                "configmap",
                "official-applied",
                "-o",
                "jsonpath={.metadata.managedFields[*].manager}"))
        .isEqualTo("java");
  }
}
