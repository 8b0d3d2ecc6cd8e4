package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// Databases that keep their data: MariaDB with replicas, Kafka with ZooKeeper and without, by the
/// manifests of docs/manifests.
@Tag("e2e")
@TestInstance(Lifecycle.PER_CLASS)
class DatabasesTest {

  private static final Path CORRECTED = TestCluster.HOME.resolve("docs/manifests/corrected");
  private static final String BROKERS = "kafka-0.kafka:9092,kafka-1.kafka:9092,kafka-2.kafka:9092";
  private static final int MESSAGES = 300;

  private static final String ZOOKEEPER =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: zookeeper}
      spec:
        selector: {matchLabels: {app: zookeeper}}
        template:
          metadata: {labels: {app: zookeeper}}
          spec:
            containers:
            - {name: zookeeper, image: "zookeeper:3.8", ports: [{containerPort: 2181}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: zookeeper}
      spec: {selector: {app: zookeeper}, ports: [{port: 2181}]}
      """;

  private TestCluster cluster;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    cluster = new TestCluster(directory).up();
    for (String image : List.of("mysql", "kafka")) {
      cluster.load(ContainersTest.IMAGES.resolve(image + ".tar"));
    }
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private static String manifest(String name) throws IOException {
    return Files.readString(CORRECTED.resolve(name));
  }

  private void apply(String namespace, String manifest) {
    cluster.kubectl("-n", namespace, "apply", "-f", "-").reading(manifest).run().ok();
  }

  private String sql(String pod, String statement) {
    return cluster
        .k(
            "-n",
            "mysql",
            "exec",
            pod,
            "-c",
            "mysql",
            "--",
            "mysql",
            "-uroot",
            "-ppassword123",
            "-N",
            "-B",
            "-e",
            statement)
        .strip();
  }

  private void awaitSql(String pod, String statement, String answer) {
    cluster.await(
        pod + " answers " + answer,
        out -> out.strip().equals(answer),
        "-n",
        "mysql",
        "exec",
        pod,
        "-c",
        "mysql",
        "--",
        "mysql",
        "-uroot",
        "-ppassword123",
        "-N",
        "-B",
        "-e",
        statement);
  }

  /// A primary that comes back is looked for each second: what is usual is a minute.
  private void follow(String replica) {
    awaitSql(replica, "select 1", "1");
    sql(
        replica,
        "change master to master_host='mysql-0.mysql', master_user='root',"
            + " master_password='password123', master_use_gtid=slave_pos, master_connect_retry=1;"
            + " start slave");
  }

  @Test
  void aPrimaryAndItsReplicasKeepTheirData() throws Exception {
    cluster.k("create", "namespace", "mysql");
    apply("mysql", manifest("4-mysql-replication.yaml"));
    cluster.k("-n", "mysql", "rollout", "status", "sts/mysql", "--timeout=180s");
    for (int ordinal = 0; ordinal < 3; ordinal++) {
      awaitSql("mysql-" + ordinal, "select @@server_id", Integer.toString(100 + ordinal));
    }
    follow("mysql-1");
    follow("mysql-2");

    sql("mysql-0", "create database shop; create table shop.orders (id int primary key)");
    for (int i = 1; i <= 20; i++) {
      sql("mysql-0", "insert into shop.orders values (" + i + ")");
    }

    awaitSql("mysql-1", "select count(*) from shop.orders", "20");
    awaitSql("mysql-2", "select count(*) from shop.orders", "20");
    assertThat(
            cluster
                .kubectl(
                    "-n",
                    "mysql",
                    "exec",
                    "mysql-1",
                    "-c",
                    "mysql",
                    "--",
                    "mysql",
                    "-h",
                    "mysql-read",
                    "-uroot",
                    "-ppassword123",
                    "-N",
                    "-B",
                    "-e",
                    "select count(*) from shop.orders")
                .run()
                .ok()
                .strip())
        .isEqualTo("20");
    assertThat(cluster.k("-n", "mysql", "get", "pvc"))
        .containsPattern("data-mysql-0 +Bound +pvc-\\S+ +10Gi +RWO +standard")
        .containsPattern("data-mysql-2 +Bound +pvc-\\S+ +10Gi +RWO +standard");

    // A Pod that is deleted comes back with its name and its data.
    String volume = volume("data-mysql-0");
    cluster.k("-n", "mysql", "delete", "pod", "mysql-0");
    cluster.k("-n", "mysql", "rollout", "status", "sts/mysql", "--timeout=120s");
    awaitSql("mysql-0", "select count(*) from shop.orders", "20");
    assertThat(volume("data-mysql-0")).isEqualTo(volume);
    sql("mysql-0", "insert into shop.orders values (21)");
    awaitSql("mysql-2", "select count(*) from shop.orders", "21");

    // What is scaled down keeps its claim, and catches up when it is back.
    cluster.k("-n", "mysql", "scale", "sts", "mysql", "--replicas=2");
    cluster.k("-n", "mysql", "wait", "--for=delete", "pod/mysql-2", "--timeout=90s");
    assertThat(cluster.k("-n", "mysql", "get", "pvc", "data-mysql-2")).contains("Bound");
    sql("mysql-0", "insert into shop.orders values (22)");
    cluster.k("-n", "mysql", "scale", "sts", "mysql", "--replicas=3");
    cluster.k("-n", "mysql", "rollout", "status", "sts/mysql", "--timeout=120s");
    awaitSql("mysql-2", "select count(*) from shop.orders", "22");

    // The node's processes are killed and start anew: the databases go on, on the same disks.
    String started = startTime("mysql-0");
    restart();
    awaitSql("mysql-0", "select count(*) from shop.orders", "22");
    sql("mysql-0", "insert into shop.orders values (23)");
    awaitSql("mysql-2", "select count(*) from shop.orders", "23");
    assertThat(startTime("mysql-0")).isEqualTo(started);
    assertThat(volume("data-mysql-0")).isEqualTo(volume);

    // With a partition only the Pods from there on are updated.
    cluster.k(
        "-n",
        "mysql",
        "patch",
        "sts",
        "mysql",
        "-p",
        "{\"spec\":{\"updateStrategy\":{\"rollingUpdate\":{\"partition\":2}}}}");
    cluster.k("-n", "mysql", "set", "env", "sts/mysql", "-c", "mysql", "ROUND=2");
    cluster.await(
        "only the last one is updated",
        out -> out.strip().equals("2"),
        "-n",
        "mysql",
        "get",
        "pods",
        "-l",
        "app=mysql",
        "-o",
        "jsonpath={range .items[*]}{.spec.containers[0].env[?(@.name==\"ROUND\")].value}{\" \"}{end}");

    // Claims go when the set says so.
    cluster.k(
        "-n",
        "mysql",
        "patch",
        "sts",
        "mysql",
        "-p",
        "{\"spec\":{\"persistentVolumeClaimRetentionPolicy\":{\"whenScaled\":\"Delete\"}}}");
    cluster.k("-n", "mysql", "scale", "sts", "mysql", "--replicas=2");
    cluster.k("-n", "mysql", "wait", "--for=delete", "pvc/data-mysql-2", "--timeout=90s");
    cluster.k("-n", "mysql", "delete", "sts", "mysql");
    assertThat(cluster.k("-n", "mysql", "get", "pvc", "-o", "name"))
        .isEqualToNormalizingNewlines(
            "persistentvolumeclaim/data-mysql-0\npersistentvolumeclaim/data-mysql-1\n");
    cluster.k("delete", "namespace", "mysql");
    cluster.await(
        "the volumes are gone",
        String::isBlank,
        "get",
        "pv",
        "-o",
        "jsonpath={.items[?(@.spec.claimRef.namespace==\"mysql\")].metadata.name}");
  }

  @Test
  void eachPodOfASetHasADiskOfTheClassThatItNames() throws Exception {
    cluster.k("create", "namespace", "plain");
    apply("plain", manifest("4-mysql.yaml"));
    cluster.k("-n", "plain", "rollout", "status", "sts/mysql", "--timeout=180s");
    assertThat(cluster.k("-n", "plain", "get", "pvc"))
        .containsPattern("data-mysql-0 +Bound +pvc-\\S+ +10Gi +RWO +fast-ssd")
        .containsPattern("data-mysql-2 +Bound +pvc-\\S+ +10Gi +RWO +fast-ssd");
    assertThat(cluster.k("-n", "plain", "exec", "mysql-1", "--", "sh", "-c", "df /var/lib/mysql"))
        .contains("/dev/loop");
    everyKindIsShownAsUpstreamShowsIt();
    cluster.k("delete", "namespace", "plain");
  }

  private void everyKindIsShownAsUpstreamShowsIt() {
    assertThat(cluster.k("get", "pv"))
        .containsPattern(
            "NAME +CAPACITY +ACCESS MODES +RECLAIM POLICY +STATUS +CLAIM +STORAGECLASS"
                + " +VOLUMEATTRIBUTESCLASS +REASON +AGE")
        .containsPattern(
            "pvc-\\S+ +10Gi +RWO +Delete +Bound +plain/data-mysql-0 +fast-ssd +<unset>");
    assertThat(cluster.k("get", "storageclass"))
        .containsPattern(
            "NAME +PROVISIONER +RECLAIMPOLICY +VOLUMEBINDINGMODE +ALLOWVOLUMEEXPANSION +AGE")
        .containsPattern(
            "standard \\(default\\) +local.tiphys.dev +Delete +WaitForFirstConsumer +true");
    assertThat(cluster.k("get", "csidriver"))
        .containsPattern(
            "NAME +ATTACHREQUIRED +PODINFOONMOUNT +STORAGECAPACITY +TOKENREQUESTS"
                + " +REQUIRESREPUBLISH +MODES +AGE")
        .containsPattern("local.tiphys.dev +false +false +true +<unset> +false +Persistent");
    assertThat(cluster.k("get", "csinode")).containsPattern("NAME +DRIVERS +AGE\\n\\S+ +1 ");
    assertThat(cluster.k("-n", "kube-system", "get", "csistoragecapacity"))
        .containsPattern("NAME +STORAGECLASSNAME +CAPACITY\\ncsisc-\\S+ +\\S+ +\\S+");
    assertThat(cluster.k("get", "volumesnapshotclass"))
        .containsPattern("NAME +DRIVER +DELETIONPOLICY +AGE\\nstandard +local.tiphys.dev +Delete");
    assertThat(cluster.k("get", "volumeattachment")).isBlank();
    assertThat(cluster.k("-n", "plain", "describe", "pvc", "data-mysql-0"))
        .contains(
            "Used By:       mysql-0",
            "volume.kubernetes.io/selected-node: ",
            "ProvisioningSucceeded");
  }

  /// Kills all processes of the cluster but the containers, and starts it again.
  private void restart() throws Exception {
    ProcessHandle process = ProcessHandle.of(cluster.pid()).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();
    cluster.up();
  }

  /// When a Pod's database was started.
  private String startTime(String pod) {
    return cluster.k(
        "-n",
        "mysql",
        "get",
        "pod",
        pod,
        "-o",
        "jsonpath={.status.containerStatuses[0].state.running.startedAt}");
  }

  private String volume(String claim) {
    return cluster.k("-n", "mysql", "get", "pvc", claim, "-o", "jsonpath={.spec.volumeName}");
  }

  private String kafka(String namespace, String pod, String in, String... words) {
    String[] all =
        Stream.concat(
                Stream.of("-n", namespace, "exec", "-i", pod, "--", "kafka-tool"), Stream.of(words))
            .toArray(String[]::new);
    return cluster.kubectl(all).reading(in).run().ok();
  }

  /// Sends messages, loses a broker meanwhile, and looks whether all that was acknowledged is
  /// there.
  private void loseABroker(String namespace) {
    cluster.await(
        "all brokers are there",
        out -> out.lines().filter(line -> line.contains("id:")).count() == 3,
        "-n",
        namespace,
        "exec",
        "kafka-0",
        "--",
        "kafka-tool",
        "kafka.admin.BrokerApiVersionsCommand",
        "--bootstrap-server",
        BROKERS);
    kafka(
        namespace,
        "kafka-0",
        "",
        "org.apache.kafka.tools.TopicCommand",
        "--bootstrap-server",
        BROKERS,
        "--create",
        "--topic",
        "orders",
        "--replication-factor",
        "3",
        "--partitions",
        "3",
        "--config",
        "min.insync.replicas=2");
    String messages =
        IntStream.range(0, MESSAGES).mapToObj(i -> "m" + i + "\n").collect(Collectors.joining());
    String half = messages.substring(0, messages.indexOf("m" + MESSAGES / 2));
    produce(namespace, half);
    cluster.k("-n", namespace, "delete", "pod", "kafka-1", "--grace-period=0", "--force");
    produce(namespace, messages.substring(half.length()));
    cluster.k("-n", namespace, "rollout", "status", "sts/kafka", "--timeout=120s");
    Set<String> read =
        new TreeSet<>(
            kafka(
                    namespace,
                    "kafka-0",
                    "",
                    "org.apache.kafka.tools.consumer.ConsoleConsumer",
                    "--bootstrap-server",
                    BROKERS,
                    "--topic",
                    "orders",
                    "--from-beginning",
                    "--max-messages",
                    Integer.toString(MESSAGES),
                    "--timeout-ms",
                    "60000")
                .lines()
                .toList());
    assertThat(read).hasSize(MESSAGES);
    cluster.k("delete", "namespace", namespace);
  }

  private void produce(String namespace, String messages) {
    kafka(
        namespace,
        "kafka-0",
        messages,
        "kafka.tools.ConsoleProducer",
        "--bootstrap-server",
        BROKERS,
        "--topic",
        "orders",
        "--producer-property",
        "acks=all",
        "--producer-property",
        "retries=100");
  }

  @Test
  void nothingThatKafkaAcknowledgedIsLostWithABroker() throws Exception {
    cluster.k("create", "namespace", "kafka");
    apply("kafka", ZOOKEEPER);
    cluster.k("-n", "kafka", "rollout", "status", "deploy/zookeeper", "--timeout=90s");
    apply("kafka", manifest("4-kafka.yaml"));
    cluster.k("-n", "kafka", "rollout", "status", "sts/kafka", "--timeout=180s");
    loseABroker("kafka");
  }

  @Test
  void kafkaWorksWithoutZooKeeperToo() throws Exception {
    String settings =
        """
        - {name: KAFKA_PROCESS_ROLES, value: "broker,controller"}
                - {name: KAFKA_NODE_ID, valueFrom: {fieldRef: {fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']"}}}
                - {name: KAFKA_CONTROLLER_QUORUM_VOTERS, value: "0@kafka-0.kafka:9093,1@kafka-1.kafka:9093,2@kafka-2.kafka:9093"}
                - {name: KAFKA_CONTROLLER_LISTENER_NAMES, value: CONTROLLER}
                - {name: KAFKA_LISTENERS, value: "PLAINTEXT://:9092,CONTROLLER://:9093"}
                - {name: KAFKA_LISTENER_SECURITY_PROTOCOL_MAP, value: "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"}
                - {name: KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR, value: "3"}
                - {name: CLUSTER_ID, value: "4L6g3nShT-eMCtK--X86sw"}
        """
            .strip();
    String manifest =
        manifest("4-kafka.yaml")
            .replaceAll(
                "(?s)- name: KAFKA_ZOOKEEPER_CONNECT\\s+value: \\S+", "- {name: A, value: a}")
            .replace("- {name: A, value: a}", settings);
    cluster.k("create", "namespace", "kraft");
    apply("kraft", manifest.replaceAll("(?s)- name: KAFKA_BROKER_ID.*?(?=- name: POD_NAME)", ""));
    cluster.k("-n", "kraft", "rollout", "status", "sts/kafka", "--timeout=180s");
    loseABroker("kraft");
  }
}
