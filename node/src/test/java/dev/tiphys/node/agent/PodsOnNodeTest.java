package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.node.testing.LiveFiles;
import dev.tiphys.object.Struct;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Pods in real containers.
@Tag("node")
class PodsOnNodeTest {
  private static RealNode node;

  @BeforeAll
  static void start() throws Exception {
    node = RealNode.start();
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
  }

  @Test
  void aWebServerAnswersOnItsAddress() throws Exception {
    node.createPod(
        "web",
        """
        containers:
        - name: nginx
          image: nginx:1.24
          ports: [{containerPort: 80}]
          readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 1}
        """);
    node.awaitRunning("web");

    String address = node.pod("web").string("status", "podIP");
    String page;
    try (var in = URI.create("http://" + address).toURL().openStream()) {
      page = new String(in.readAllBytes());
    }
    assertThat(page).contains("nginx");
    assertThat(node.container("web", "nginx").string("image"))
        .isEqualTo("docker.io/library/nginx:1.24");
    node.delete("web");
    node.eventually(
        () ->
            node.node.runtime().sandboxes(Map.of()).stream()
                .noneMatch(s -> s.name().name().equals("web")));
  }

  @Test
  void aContainerHasItsEnvironmentAndVolumes() throws Exception {
    node.create(
        ApiResource.CONFIG_MAPS, "{metadata: {name: settings}, data: {color: blue, size: '7'}}");
    node.create(ApiResource.SECRETS, "{metadata: {name: keys}, stringData: {password: secret}}");
    node.createPod(
        "full",
        """
        hostname: inside
        terminationGracePeriodSeconds: 0
        securityContext: {runAsUser: 1000, runAsGroup: 1000, fsGroup: 2000}
        containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sleep, '1000']
          resources: {limits: {cpu: 100m, memory: 32Mi}}
          env:
          - {name: A, value: a}
          - {name: B, value: '$(A)b $(NO) $$(A)'}
          - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
          - {name: MEM, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}
          - {name: COLOR, valueFrom: {configMapKeyRef: {name: settings, key: color}}}
          envFrom:
          - {secretRef: {name: keys}, prefix: S_}
          volumeMounts:
          - {name: config, mountPath: /config}
          - {name: secret, mountPath: /secret, readOnly: true}
          - {name: scratch, mountPath: /scratch}
          - {name: memory, mountPath: /memory}
          - {name: info, mountPath: /info}
          - {name: config, mountPath: /etc/one, subPath: color}
        volumes:
        - {name: config, configMap: {name: settings}}
        - {name: secret, secret: {secretName: keys, defaultMode: 256}}
        - {name: scratch, emptyDir: {}}
        - {name: memory, emptyDir: {medium: Memory, sizeLimit: 1Mi}}
        - name: info
          projected:
            sources:
            - downwardAPI: {items: [{path: name, fieldRef: {fieldPath: metadata.name}}]}
            - configMap: {name: kube-root-ca.crt, optional: true}
        """);
    node.awaitRunning("full");

    String address = node.pod("full").string("status", "podIP");
    assertThat(node.ask("full", "c", "env").lines())
        .contains(
            "A=a",
            "B=ab $(NO) $(A)",
            "IP=" + address,
            "MEM=32",
            "COLOR=blue",
            "S_password=secret",
            "KUBERNETES_SERVICE_HOST=10.96.0.1",
            "KUBERNETES_PORT_443_TCP=tcp://10.96.0.1:443");
    assertThat(node.ask("full", "c", "hostname")).isEqualTo("inside\n");
    assertThat(
            node.ask("full", "c", "cat", "/config/color", "/config/size", "/etc/one", "/info/name"))
        .isEqualTo("blue7bluefull");
    assertThat(node.ask("full", "c", "cat", "/secret/password")).isEqualTo("secret");
    assertThat(node.ask("full", "c", "cat", "/etc/hosts")).contains(address + "\tinside\n");
    assertThat(node.ask("full", "c", "id")).contains("uid=1000").contains("2000");
    assertThat(node.ask("full", "c", "sh", "-c", "echo x > /scratch/y && stat -c %g /scratch/y"))
        .isEqualTo("2000\n");
    assertThat(node.ask("full", "c", "grep", " /memory ", "/proc/mounts"))
        .contains("tmpfs")
        .contains("size=1024k");
    assertThat(node.ask("full", "c", "stat", "-c", "%n %a", "/scratch", "/memory"))
        .isEqualTo("/scratch 2777\n/memory 3777\n");
    node.delete("full");
  }

  @Test
  void exitCodesAndMessagesAreTold() throws Exception {
    node.createPod(
        "ends",
        """
        restartPolicy: Never
        initContainers:
        - name: i
          image: busybox
          imagePullPolicy: Never
          command: [sh, -c, 'echo first']
        containers:
        - name: bad
          image: busybox
          imagePullPolicy: Never
          command: [sh, -c, 'echo because > /dev/termination-log; exit 7']
        - name: logs
          image: busybox
          imagePullPolicy: Never
          terminationMessagePolicy: FallbackToLogsOnError
          command: [sh, -c, 'echo last words; exit 1']
        - name: good
          image: busybox
          imagePullPolicy: Never
          command: ['true']
        - name: cannot
          image: busybox
          imagePullPolicy: Never
          command: [/does/not/exist]
        """);
    node.awaitPhase("ends", "Failed");

    assertThat(node.container("ends", "i").string("state", "terminated", "reason"))
        .isEqualTo("Completed");
    Struct bad = node.container("ends", "bad").struct("state", "terminated");
    assertThat(bad.integer("exitCode")).isEqualTo(7);
    assertThat(bad.string("message")).isEqualTo("because\n");
    assertThat(node.container("ends", "logs").string("state", "terminated", "message"))
        .isEqualTo("last words\n");
    assertThat(node.container("ends", "good").integer("state", "terminated", "exitCode")).isZero();
    assertThat(node.container("ends", "cannot").string("state", "terminated", "reason"))
        .isEqualTo("StartError");
    node.delete("ends");
  }

  @Test
  void aContainerThatIsNotAliveIsStartedAgain() throws Exception {
    node.createPod(
        "sick",
        """
        terminationGracePeriodSeconds: 0
        containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sleep, '1000']
          livenessProbe:
            exec: {command: [cat, /tmp/alive]}
            periodSeconds: 1
            timeoutSeconds: 30
            failureThreshold: 1
            terminationGracePeriodSeconds: 1
        """);
    node.eventually(() -> node.container("sick", "c").integer("restartCount") > 0);

    List<String> told =
        List.of(
            "Killing Container c failed liveness probe, will be restarted",
            "Unhealthy Liveness probe failed: cat: can't open '/tmp/alive': No such file or directory\n");
    node.eventually(() -> node.events("sick").containsAll(told));
    node.delete("sick");
  }

  @Test
  void containersOutliveTheAgent() throws Exception {
    node.createPod(
        "lasting",
        """
        terminationGracePeriodSeconds: 0
        containers:
        - {name: c, image: busybox, imagePullPolicy: IfNotPresent, command: [sleep, '1000']}
        """);
    node.createPod(
        "leaving",
        """
        terminationGracePeriodSeconds: 1
        containers:
        - {name: c, image: busybox, imagePullPolicy: IfNotPresent, command: [sleep, '1000']}
        """);
    node.awaitRunning("lasting");
    node.awaitRunning("leaving");
    Struct before = node.pod("lasting");

    node.stopAgent();
    node.api.delete(ApiResource.PODS, "default", "leaving", DeleteOptions.withGrace(0));
    node.startAgent();

    node.eventually(
        () ->
            node.node.runtime().sandboxes(Map.of()).stream()
                .noneMatch(s -> s.name().name().equals("leaving")));
    assertThat(node.pod("lasting")).isEqualTo(before);
    assertThat(node.ask("lasting", "c", "echo", "alive")).isEqualTo("alive\n");
    node.delete("lasting");
  }

  @Test
  void preStopRunsBeforeTheEnd() throws Exception {
    Path told = Files.createTempDirectory("told");
    node.createPod(
        "polite",
        """
        containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sh, -c, "trap 'echo term >> /told/order; exit 0' TERM; touch /tmp/set; sleep 1000 & wait"]
          readinessProbe: {exec: {command: [cat, /tmp/set]}, periodSeconds: 1, timeoutSeconds: 30}
          lifecycle:
            postStart: {exec: {command: [sh, -c, 'echo post >> /told/order']}}
            preStop: {exec: {command: [sh, -c, 'echo pre >> /told/order']}}
          volumeMounts: [{name: told, mountPath: /told}]
        volumes: [{name: told, hostPath: {path: %s, type: Directory}}]
        """
            .formatted(told));
    node.awaitRunning("polite");

    node.delete("polite");

    assertThat(Files.readAllLines(told.resolve("order"))).isEqualTo(List.of("post", "pre", "term"));
  }

  @Test
  void containersOutliveTheRuntime() throws Exception {
    node.createPod(
        "steady",
        """
        terminationGracePeriodSeconds: 0
        containers:
        - {name: c, image: busybox, imagePullPolicy: IfNotPresent, command: [sleep, '1000']}
        """);
    node.awaitRunning("steady");
    String id = node.id("steady", "c");

    ProcessHandle.of(node.node.containerd().pid()).orElseThrow().destroyForcibly();
    node.createPod(
        "later",
        """
        terminationGracePeriodSeconds: 0
        containers:
        - {name: c, image: busybox, imagePullPolicy: IfNotPresent, command: [sleep, '1000']}
        """);
    node.awaitRunning("later");

    assertThat(node.id("steady", "c")).isEqualTo(id);
    assertThat(node.container("steady", "c").integer("restartCount")).isZero();
    node.delete("steady");
    node.delete("later");
  }

  @Test
  void whoTakesTooMuchMemoryIsKilled() throws Exception {
    node.createPod(
        "greedy",
        """
        restartPolicy: Never
        containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'until [ -e /tmp/go ]; do sleep 0.1; done; head -c 64m /dev/zero | tail']
          resources: {limits: {memory: 16Mi}}
        """);
    node.awaitRunning("greedy");
    assertThat(node.ask("greedy", "c", "touch", "/tmp/go")).isEmpty();
    node.awaitPhase("greedy", "Failed");

    assertThat(node.container("greedy", "c").string("state", "terminated", "reason"))
        .isEqualTo("OOMKilled");
    node.delete("greedy");
  }

  @Test
  void aPodCanShareTheNodesNetworkAndItsOwnProcesses() throws Exception {
    node.createPod(
        "open",
        """
        hostNetwork: true
        shareProcessNamespace: true
        terminationGracePeriodSeconds: 0
        containers:
        - {name: a, image: busybox, imagePullPolicy: IfNotPresent, command: [sleep, '1111']}
        - {name: b, image: busybox, imagePullPolicy: IfNotPresent, command: [sleep, '2222']}
        """);
    node.awaitRunning("open");

    assertThat(node.pod("open").string("status", "podIP")).isEqualTo("127.0.0.1");
    assertThat(node.ask("open", "a", "ps")).contains("sleep 1111").contains("sleep 2222");
    assertThat(node.ask("open", "a", "cat", "/etc/hosts"))
        .startsWith("# Kubernetes-managed hosts file (host network).");
    node.delete("open");
  }

  @Test
  void aPodHasACgroupOfItsOwnForAsLongAsItRuns() throws Exception {
    node.createPod(
        "limited",
        """
        terminationGracePeriodSeconds: 1
        containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sleep, '1000']
          resources: {limits: {cpu: 100m, memory: 32Mi}}
        """);
    node.awaitRunning("limited");
    String uid = node.pod("limited").string("metadata", "uid");

    assertThat(cgroups(uid)).isNotEmpty();
    node.delete("limited");
    assertThat(cgroups(uid)).isEmpty();
  }

  /// The cgroups of a Pod, but not those of its containers.
  private static List<Path> cgroups(String uid) throws Exception {
    return LiveFiles.find(
        Path.of("/sys/fs/cgroup"), 8, path -> path.getFileName().toString().equals("pod" + uid));
  }
}
