package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// Real containers, used with kubectl.
@Tag("e2e")
@TestInstance(Lifecycle.PER_CLASS)
class ContainersTest {

  /// Where the images are that this repository builds.
  static final Path IMAGES = Path.of(System.getProperty("tiphys.images", "images/target"));

  private TestCluster cluster;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    cluster = new TestCluster(directory).up();
    for (String image : new String[] {"nginx", "busybox"}) {
      cluster.load(IMAGES.resolve(image + ".tar"));
    }
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private void pod(String name, String spec) {
    cluster.apply(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: %s, namespace: default}\nspec:\n%s"
            .formatted(name, spec.indent(2)));
  }

  private void awaitPhase(String pod, String phase) {
    cluster.k("wait", "--for=jsonpath={.status.phase}=" + phase, "pod/" + pod, "--timeout=60s");
  }

  private String field(String pod, String path) {
    return cluster.k("get", "pod", pod, "-o", "jsonpath={" + path + "}");
  }

  /// Where the first Pod of an application is reached.
  private String addressOf(String app) {
    return cluster.k("get", "pods", "-l", "app=" + app, "-o", "jsonpath={.items[0].status.podIP}");
  }

  /// A container that runs is one that may not listen yet.
  private static void awaitNginx(String address) {
    String _ = Pages.await(address, page -> page.contains("<h1>Welcome to nginx!"));
  }

  @Test
  void aDeploymentServes() {
    cluster.apply(Manifests.web("web", 3));
    cluster.k("rollout", "status", "deployment/web", "--timeout=90s");

    awaitNginx(addressOf("web"));
    cluster.await(
        "the request is in a log",
        out -> out.contains("GET / HTTP/1.1"),
        "logs",
        "-l",
        "app=web",
        "--tail=-1");
    cluster.k("delete", "deployment", "web");
  }

  @Test
  void aCommandRunsInAContainerAndItsExitCodeComesBack() {
    pod("shell", "containers: [{name: c, image: 'busybox:1.36', command: [sleep, '3600']}]");
    cluster.k("wait", "--for=condition=Ready", "pod/shell", "--timeout=60s");

    assertThat(cluster.k("exec", "shell", "--", "sh", "-c", "echo out; echo err >&2"))
        .isEqualTo("out\n");
    assertThat(cluster.kubectl("exec", "shell", "--", "sh", "-c", "exit 7").run().exit())
        .isEqualTo(7);
    assertThat(
            cluster
                .kubectl("exec", "-i", "shell", "--", "tr", "a-z", "A-Z")
                .reading("shout\n")
                .run()
                .ok())
        .isEqualTo("SHOUT\n");
    assertThat(
            cluster
                .kubectl("exec", "shell", "--", "sh", "-c", "echo spdy; exit 3")
                .with("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", "false")
                .run())
        .satisfies(
            result -> {
              assertThat(result.out()).isEqualTo("spdy\n");
              assertThat(result.exit()).isEqualTo(3);
            });
    cluster.k("delete", "pod", "shell", "--now");
  }

  @Test
  void aLoadBalancerLeadsToTheNewPodsOfADeployment() {
    cluster.apply(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: nginx-web
        spec:
          replicas: 3
          selector:
            matchLabels:
              app: nginx
          template:
            metadata:
              labels:
                app: nginx
            spec:
              containers:
              - name: nginx
                image: nginx:1.24
                ports:
                - containerPort: 80
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: nginx-service
        spec:
          selector:
            app: nginx
          ports:
          - port: 80
            targetPort: 80
          type: LoadBalancer
        """);
    cluster.k("rollout", "status", "deployment/nginx-web", "--timeout=90s");
    String address =
        cluster.await(
            "the load balancer has an address",
            out -> !out.isBlank(),
            "get",
            "service",
            "nginx-service",
            "-o",
            "jsonpath={.status.loadBalancer.ingress[0].ip}");
    for (int replicas : new int[] {3, 5, 2}) {
      cluster.k("scale", "deployment", "nginx-web", "--replicas=" + replicas);
      cluster.await(
          replicas + " endpoints",
          out -> !out.isBlank() && out.split(" ").length == replicas,
          "get",
          "endpoints",
          "nginx-service",
          "-o",
          "jsonpath={.subsets[*].addresses[*].ip}");
      awaitNginx(address);
    }
    cluster.k("delete", "deployment/nginx-web", "service/nginx-service");
  }

  @Test
  void aPortOfAPodIsForwarded() throws Exception {
    cluster.apply(Manifests.web("forwarded", 1));
    cluster.k("rollout", "status", "deployment/forwarded", "--timeout=60s");
    awaitNginx(addressOf("forwarded"));

    assertThat(Pages.ofForwarded(cluster, "deploy/forwarded", 80)).contains("nginx");
    cluster.k("delete", "deployment", "forwarded");
  }

  @Test
  void podsServicesAndNodesAreReachedThroughTheServer() throws Exception {
    cluster.apply(Manifests.web("proxied", 1));
    cluster.k("rollout", "status", "deployment/proxied", "--timeout=90s");
    cluster.k("expose", "deployment", "proxied", "--port=8080", "--target-port=80");
    String pod =
        cluster.k("get", "pods", "-l", "app=proxied", "-o", "jsonpath={.items[0].metadata.name}");
    String node = cluster.k("get", "nodes", "-o", "jsonpath={.items[0].metadata.name}");
    String core = "/api/v1/namespaces/default/";
    awaitNginx(addressOf("proxied"));

    assertThat(cluster.k("get", "--raw", core + "pods/" + pod + ":80/proxy/")).contains("nginx");
    cluster.await(
        "the Service has an endpoint",
        out -> out.contains("nginx"),
        "get",
        "--raw",
        core + "services/proxied:8080/proxy/");
    assertThat(cluster.k("get", "--raw", "/api/v1/nodes/" + node + "/proxy/healthz"))
        .isEqualTo("ok");
    assertThat(cluster.kubectl("get", "--raw", core + "pods/" + pod + ":81/proxy/").run().err())
        .contains("error trying to reach service: dial tcp");

    Process proxy =
        new ProcessBuilder(cluster.kubectl("proxy", "--port=0").words())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = proxy.inputReader()) {
      String address = String.valueOf(out.readLine()).replaceFirst(".* on ", "");
      HttpResponse<String> page =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1) // else it asks for an upgrade, to HTTP/2
              .followRedirects(HttpClient.Redirect.NORMAL)
              .build()
              .send(
                  HttpRequest.newBuilder(
                          URI.create("http://" + address + core + "pods/" + pod + ":80/proxy"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(page.body()).contains("nginx");
      assertThat(page.uri().getPath()).endsWith("/proxy/");
    } finally {
      proxy.destroy();
      proxy.waitFor();
      cluster.k("delete", "deployment/proxied", "service/proxied");
    }
  }

  @Test
  void aLogIsFollowedCutAndDated() {
    pod(
        "talking",
        """
        restartPolicy: Never
        containers: [{name: c, image: 'busybox:1.36', command: [sh, -c, 'for i in 1 2 3 4; do echo line $i; sleep 0.2; done']}]
        """);
    cluster.await("it talks", out -> out.contains("line 1"), "logs", "talking");

    assertThat(cluster.k("logs", "-f", "talking")).isEqualTo("line 1\nline 2\nline 3\nline 4\n");
    assertThat(cluster.k("logs", "talking", "--tail=1")).isEqualTo("line 4\n");
    assertThat(cluster.k("logs", "talking", "--since=1h", "--timestamps", "--tail=1"))
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d+Z line 4\n");
    cluster.k("delete", "pod", "talking");
  }

  @Test
  void settingsAndVolumesAreSeenInside() {
    cluster.k("create", "configmap", "settings", "--from-literal=color=blue");
    cluster.k("create", "secret", "generic", "keys", "--from-literal=password=geheim");
    pod(
        "inside",
        """
        restartPolicy: Never
        initContainers:
        - {name: first, image: 'busybox:1.36', command: [sh, -c, 'echo init > /share/file'], volumeMounts: [{name: work, mountPath: /share}]}
        containers:
        - name: c
          image: busybox:1.36
          command: [sh, -c, 'echo $COLOR $ME $(cat /secret/password) $(cat /share/file) $(cat /config/color)']
          env:
          - {name: COLOR, valueFrom: {configMapKeyRef: {name: settings, key: color}}}
          - {name: ME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
          volumeMounts:
          - {name: work, mountPath: /share}
          - {name: secret, mountPath: /secret, readOnly: true}
          - {name: config, mountPath: /config}
        volumes:
        - {name: work, emptyDir: {}}
        - {name: secret, secret: {secretName: keys}}
        - {name: config, configMap: {name: settings}}
        """);

    awaitPhase("inside", "Succeeded");

    assertThat(cluster.k("logs", "inside")).isEqualTo("blue inside geheim init blue\n");
    assertThat(field("inside", ".status.containerStatuses[0].state.terminated.reason"))
        .isEqualTo("Completed");
  }

  @Test
  void aContainerThatFailsIsStartedAgainWithBackOff() {
    pod(
        "failing",
        "containers: [{name: c, image: 'busybox:1.36', command: [sh, -c, 'echo attempt; exit 3']}]");

    cluster.await(
        "it waits before the next attempt",
        out -> out.contains("CrashLoopBackOff"),
        "get",
        "pod",
        "failing");

    assertThat(field("failing", ".status.containerStatuses[0].lastState.terminated.exitCode"))
        .isEqualTo("3");
    assertThat(cluster.k("logs", "failing", "--previous")).isEqualTo("attempt\n");
    cluster.k("delete", "pod", "failing", "--now");
  }

  @Test
  void aContainerThatIsFoundDeadIsRestarted() {
    pod(
        "probed",
        """
        containers:
        - name: c
          image: busybox:1.36
          command: [sleep, '3600']
          livenessProbe:
            exec: {command: [sh, -c, '[ ! -e /tmp/ill ]']}
            periodSeconds: 1
            timeoutSeconds: 30
            failureThreshold: 1
        terminationGracePeriodSeconds: 1
        """);
    cluster.k("wait", "--for=condition=Ready", "pod/probed", "--timeout=60s");

    cluster.k("exec", "probed", "--", "touch", "/tmp/ill");

    cluster.await(
        "it is restarted",
        "1"::equals,
        "get",
        "pod",
        "probed",
        "-o",
        "jsonpath={.status.containerStatuses[0].restartCount}");
    cluster.await(
        "it is told why",
        out -> out.contains("Container c failed liveness probe, will be restarted"),
        "get",
        "events",
        "--field-selector=involvedObject.name=probed");
    cluster.k("delete", "pod", "probed", "--now");
  }

  @Test
  void anImageThatIsNowhereIsNamed() {
    pod(
        "imageless",
        "containers: [{name: c, image: 'no.such.registry/none:1', imagePullPolicy: Never}]");

    cluster.await(
        "the image is found missing",
        out -> out.contains("ErrImageNeverPull"),
        "get",
        "pod",
        "imageless");
    cluster.k("delete", "pod", "imageless", "--now");
  }

  @Test
  void containersOutliveTheClustersProcess() throws IOException {
    pod("lasting", "containers: [{name: c, image: 'busybox:1.36', command: [sleep, '3600']}]");
    cluster.k("wait", "--for=condition=Ready", "pod/lasting", "--timeout=60s");
    String id = field("lasting", ".status.containerStatuses[0].containerID");

    ProcessHandle process = ProcessHandle.of(cluster.pid()).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();
    cluster.up();

    cluster.await(
        "the node answers again", "here\n"::equals, "exec", "lasting", "--", "echo", "here");
    assertThat(field("lasting", ".status.containerStatuses[0].containerID")).isEqualTo(id);
    assertThat(field("lasting", ".status.containerStatuses[0].restartCount")).isEqualTo("0");
    cluster.k("delete", "pod", "lasting", "--now");
  }
}
