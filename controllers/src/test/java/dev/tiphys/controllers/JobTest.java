package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.JOBS;
import static dev.tiphys.client.ApiResource.PODS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobTest {

  private static final String INDEX = "batch.kubernetes.io/job-completion-index";

  private TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  private void restart(long seed, Faults faults) {
    cluster.close();
    cluster = new TestCluster(seed, ControllerSettings.DEFAULT, faults);
  }

  private void submit(String more) {
    cluster.create(
        JOBS,
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: sum, namespace: default}
        spec:
        %s
          template:
            spec:
              restartPolicy: Never
              containers: [{name: app, image: "sum:1"}]
        """
            .formatted(more.indent(2).stripTrailing()));
  }

  private void run(String more) {
    submit(more);
    cluster.settle();
  }

  private void exit(int code) {
    cluster.kubelet.letExit(_ -> code);
  }

  private void exitByIndex(ToIntFunction<Integer> how) {
    cluster.kubelet.letExit(
        pod -> how.applyAsInt(Integer.parseInt(Meta.of(pod).annotation(INDEX))));
  }

  private Struct job() {
    return cluster.get(JOBS, "sum");
  }

  private Struct status() {
    return job().struct("status");
  }

  private List<String> conditions() {
    return job().structs("status", "conditions").stream()
        .map(
            each -> each.string("type") + "=" + each.string("status") + " " + each.string("reason"))
        .toList();
  }

  private String message(String condition) {
    return Meta.condition(job(), condition).string("message");
  }

  private long tracked() {
    return cluster.list(PODS).stream().filter(pod -> !Meta.of(pod).finalizers().isEmpty()).count();
  }

  private void set(Object value, String... path) {
    cluster.change(JOBS, "sum", job -> job.withAt(value, path));
    cluster.settle();
  }

  @Test
  void aJobRunsToItsEnd() {
    run("completions: 3\nparallelism: 2");
    Struct pod = cluster.list(PODS).getFirst();
    assertThat(Meta.of(pod).name()).matches("sum-[a-z0-9]{5}");
    assertThat(Meta.of(pod).finalizers()).containsExactly("batch.kubernetes.io/job-tracking");
    assertThat(Meta.of(pod).label("batch.kubernetes.io/job-name")).isEqualTo("sum");
    assertThat(status().without("startTime").toString())
        .isEqualTo(
            """
            {"active":2,"ready":2,"terminating":0,"uncountedTerminatedPods":{}}""");
    exit(0);
    cluster.settle();
    assertThat(conditions())
        .containsExactly(
            "SuccessCriteriaMet=True CompletionsReached", "Complete=True CompletionsReached");
    assertThat(message("Complete")).isEqualTo("Reached expected number of succeeded pods");
    assertThat(
            status()
                .without("startTime")
                .without("completionTime")
                .without("conditions")
                .toString())
        .isEqualTo(
            """
            {"ready":0,"succeeded":3,"terminating":0,"uncountedTerminatedPods":{}}""");
    assertThat(status().has("completionTime")).isTrue();
    assertThat(tracked()).isZero();
    assertThat(cluster.list(PODS)).hasSize(3);
    assertThat(cluster.events("sum"))
        .filteredOn(event -> event.startsWith("Completed"))
        .containsExactly("Completed: Job completed");
  }

  @ParameterizedTest
  @CsvSource({"1, 3", "5, 5"})
  void failuresAreCountedOnceAndTheLimitHolds(int parallelism, int pods) {
    exit(1);
    run("backoffLimit: 2\ncompletions: 5\nparallelism: " + parallelism);
    cluster.restartControllers();
    cluster.advance(Duration.ofMinutes(5));
    assertThat(conditions())
        .containsExactly(
            "FailureTarget=True BackoffLimitExceeded", "Failed=True BackoffLimitExceeded");
    assertThat(status().integer("failed")).isEqualTo(pods);
    assertThat(cluster.list(PODS)).hasSizeLessThanOrEqualTo(pods);
    assertThat(tracked()).isZero();
    assertThat(status().has("completionTime")).isFalse();
    assertThat(cluster.events("sum"))
        .contains("BackoffLimitExceeded: Job has reached the specified backoff limit");
  }

  @Test
  void failuresAreFollowedByLongerAndLongerWaits() {
    exit(1);
    run("backoffLimit: 20");
    cluster.advance(Duration.ofSeconds(30));
    assertThat(cluster.list(PODS)).hasSizeBetween(3, 4);
    int after = cluster.list(PODS).size();
    cluster.advance(Duration.ofMinutes(30));
    assertThat(cluster.list(PODS)).hasSizeBetween(after + 3, after + 6);
    exit(0);
    cluster.advance(Duration.ofMinutes(11));
    assertThat(conditions()).contains("Complete=True CompletionsReached");
  }

  @Test
  void whenAJobHasFailedNoPodOfItIsLeftUncounted() {
    exitByIndex(index -> index == 7 ? 1 : TestKubelet.RUNS_ON);
    run("completionMode: Indexed\ncompletions: 50\nparallelism: 50\nbackoffLimit: 0");
    assertThat(conditions()).contains("Failed=True BackoffLimitExceeded");
    assertThat(tracked()).isZero();
    assertThat(status().integer("failed")).isEqualTo(50);
    cluster.delete(JOBS, "sum", DeleteOptions.withPropagation("Background"));
    cluster.settle();
    assertThat(cluster.list(PODS)).isEmpty();
  }

  @Test
  void indexesAreGivenToPodsAndCollected() {
    run("completionMode: Indexed\ncompletions: 5\nparallelism: 3");
    Struct pod =
        cluster.list(PODS).stream()
            .filter(each -> Meta.of(each).annotation(INDEX).equals("1"))
            .findFirst()
            .orElseThrow();
    assertThat(Meta.of(pod).name()).matches("sum-1-[a-z0-9]{5}");
    assertThat(Meta.of(pod).label(INDEX)).isEqualTo("1");
    assertThat(pod.string("spec", "hostname")).isEqualTo("sum-1");
    assertThat(pod.structs("spec", "containers").getFirst().structs("env").getFirst().toString())
        .isEqualTo(
            """
            {"name":"JOB_COMPLETION_INDEX","valueFrom":{"fieldRef":{"apiVersion":"v1",\
            "fieldPath":"metadata.labels['batch.kubernetes.io/job-completion-index']"}}}""");
    exitByIndex(index -> index == 1 ? TestKubelet.RUNS_ON : 0);
    cluster.settle();
    assertThat(status().string("completedIndexes")).isEqualTo("0,2-4");
    assertThat(status().integer("succeeded")).isEqualTo(4);
    exit(0);
    cluster.settle();
    assertThat(status().string("completedIndexes")).isEqualTo("0-4");
    assertThat(conditions()).contains("Complete=True CompletionsReached");
  }

  @Test
  void eachIndexCanHaveALimitOfItsOwn() {
    exitByIndex(index -> index == 1 ? 1 : 0);
    run("completionMode: Indexed\ncompletions: 3\nparallelism: 3\nbackoffLimitPerIndex: 1");
    cluster.advance(Duration.ofMinutes(1));
    assertThat(status().string("failedIndexes")).isEqualTo("1");
    assertThat(status().string("completedIndexes")).isEqualTo("0,2");
    assertThat(status().integer("failed")).isEqualTo(2);
    assertThat(conditions())
        .containsExactly("FailureTarget=True FailedIndexes", "Failed=True FailedIndexes");
    assertThat(
            cluster.list(PODS).stream()
                .filter(pod -> Meta.of(pod).annotation(INDEX).equals("1"))
                .map(pod -> Meta.of(pod).annotation("batch.kubernetes.io/job-index-failure-count")))
        .containsExactlyInAnyOrder("0", "1");
    assertThat(tracked()).isZero();
  }

  @Test
  void tooManyFailedIndexesEndTheJob() {
    exit(1);
    run(
        """
        completionMode: Indexed
        completions: 4
        parallelism: 2
        backoffLimitPerIndex: 0
        maxFailedIndexes: 1
        """);
    assertThat(conditions()).contains("Failed=True MaxFailedIndexesExceeded");
    // Those that were stopped with the Job have failed as well.
    assertThat(status().string("failedIndexes")).matches("0,1|0-2|0-3");
    assertThat(tracked()).isZero();
  }

  @Test
  void aSuccessPolicyEndsTheJobEarly() {
    exitByIndex(index -> index == 2 ? 0 : TestKubelet.RUNS_ON);
    run(
        """
        completionMode: Indexed
        completions: 4
        parallelism: 4
        successPolicy: {rules: [{succeededIndexes: "0-1", succeededCount: 2}, {succeededIndexes: "2"}]}
        """);
    assertThat(conditions())
        .containsExactly("SuccessCriteriaMet=True SuccessPolicy", "Complete=True SuccessPolicy");
    assertThat(message("Complete")).isEqualTo("Matched rules at index 1");
    assertThat(status().integer("active")).isZero();
    assertThat(tracked()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "42, FailJob, true",
    "7, Ignore, false",
    "3, Count, false",
  })
  void aFailurePolicyDecidesWhatAFailureMeans(int code, String action, boolean fails) {
    exit(code);
    run(
        """
        backoffLimit: 1
        podFailurePolicy:
          rules:
          - {action: FailJob, onExitCodes: {containerName: app, operator: In, values: [42]}}
          - {action: Ignore, onExitCodes: {operator: In, values: [7]}}
        """);
    if (fails) {
      String pod = cluster.names(PODS).getFirst();
      assertThat(conditions())
          .containsExactly("FailureTarget=True PodFailurePolicy", "Failed=True PodFailurePolicy");
      assertThat(message("Failed"))
          .isEqualTo(
              "Container app for pod default/"
                  + pod
                  + " failed with exit code 42 matching FailJob rule at index 0");
    } else if (action.equals("Ignore")) {
      cluster.advance(Duration.ofMinutes(3));
      assertThat(status().integer("failed")).isZero();
      assertThat(conditions()).isEmpty();
      assertThat(cluster.list(PODS)).hasSizeGreaterThan(2);
    } else {
      assertThat(status().integer("failed")).isEqualTo(2);
      assertThat(conditions()).contains("Failed=True BackoffLimitExceeded");
    }
    assertThat(tracked()).isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"podReplacementPolicy: Failed, true", "'', false", "POLICY, true"})
  void whenAPodIsReplacedDependsOnThePolicy(String more, boolean waits) {
    cluster.kubelet.letEnd(_ -> false);
    String policy =
        "podFailurePolicy: {rules: [{action: Count, onExitCodes: {operator: In, values: [9]}}]}";
    run(more.equals("POLICY") ? policy : more);
    cluster.delete(PODS, cluster.names(PODS).getFirst());
    cluster.advance(Duration.ofSeconds(20));
    assertThat(cluster.list(PODS)).hasSize(waits ? 1 : 2);
    assertThat(status().integer("terminating")).isEqualTo(1);
    cluster.kubelet.letEnd(_ -> true);
    cluster.settle();
    assertThat(status().integer("active")).isEqualTo(1);
    assertThat(status().integer("failed")).isEqualTo(1);
  }

  @Test
  void aJobIsSuspendedAndResumed() {
    run("suspend: true\nparallelism: 2\ncompletions: 2");
    assertThat(cluster.list(PODS)).isEmpty();
    assertThat(conditions()).containsExactly("Suspended=True JobSuspended");
    assertThat(status().has("startTime")).isFalse();
    set(false, "spec", "suspend");
    assertThat(cluster.list(PODS)).hasSize(2);
    assertThat(conditions()).containsExactly("Suspended=False JobResumed");
    assertThat(status().has("startTime")).isTrue();
    set(true, "spec", "suspend");
    assertThat(cluster.list(PODS)).isEmpty();
    assertThat(status().integer("failed")).isZero();
    assertThat(cluster.events("sum")).contains("Suspended: Job suspended", "Resumed: Job resumed");
    exit(0);
    set(false, "spec", "suspend");
    assertThat(conditions()).contains("Complete=True CompletionsReached");
  }

  @Test
  void aJobThatTakesTooLongFails() {
    run("activeDeadlineSeconds: 100");
    assertThat(status().integer("active")).isEqualTo(1);
    cluster.advance(Duration.ofSeconds(50));
    assertThat(conditions())
        .containsExactly("FailureTarget=True DeadlineExceeded", "Failed=True DeadlineExceeded");
    assertThat(status().integer("active")).isZero();
  }

  @Test
  void fewerPodsRunWhenParallelismFalls() {
    run("parallelism: 5\ncompletions: 10");
    set(2L, "spec", "parallelism");
    assertThat(cluster.list(PODS)).hasSize(2);
    assertThat(status().integer("failed")).isZero();
    set(4L, "spec", "parallelism");
    assertThat(status().integer("active")).isEqualTo(4);
  }

  @Test
  void withoutCompletionsTheFirstSuccessEndsTheIntake() {
    run("parallelism: 3\ncompletions: null");
    Set<String> first = new HashSet<>(List.of(cluster.names(PODS).getFirst()));
    cluster.kubelet.letExit(pod -> first.contains(Meta.of(pod).name()) ? 0 : TestKubelet.RUNS_ON);
    cluster.settle();
    assertThat(status().integer("active")).isEqualTo(2);
    assertThat(conditions()).isEmpty();
    exit(0);
    cluster.settle();
    assertThat(conditions()).contains("Complete=True CompletionsReached");
    assertThat(status().integer("succeeded")).isEqualTo(3);
  }

  @Test
  void aPodWithoutOwnerIsAdoptedAndOneThatNoLongerMatchesIsReleased() {
    run("completions: 2\nparallelism: 2");
    String name = cluster.names(PODS).getFirst();
    cluster.change(PODS, name, pod -> pod.withoutAt("metadata", "ownerReferences"));
    cluster.settle();
    assertThat(Meta.of(cluster.get(PODS, name)).controller().string("uid"))
        .isEqualTo(Meta.of(job()).uid());
    cluster.change(PODS, name, pod -> pod.withoutAt("metadata", "labels"));
    cluster.settle();
    Meta released = Meta.of(cluster.get(PODS, name));
    assertThat(released.owners()).isEmpty();
    assertThat(released.finalizers()).isEmpty();
    assertThat(cluster.list(PODS)).as("another one in its place").hasSize(3);
    assertThat(status().integer("active")).isEqualTo(2);
  }

  @Test
  void aJobThatIsDeletedTakesItsPodsAlong() {
    run("completions: 2\nparallelism: 2");
    assertThat(cluster.list(PODS)).hasSize(2);
    cluster.delete(JOBS, "sum", DeleteOptions.withPropagation("Background"));
    cluster.settle();
    assertThat(cluster.list(JOBS)).isEmpty();
    assertThat(cluster.list(PODS)).isEmpty();
  }

  @Test
  void aJobGoesAsLongAfterItsEndAsItSays() {
    exit(0);
    run("ttlSecondsAfterFinished: 300");
    assertThat(conditions()).contains("Complete=True CompletionsReached");
    cluster.advance(Duration.ofSeconds(200));
    assertThat(cluster.names(JOBS)).containsExactly("sum");
    cluster.advance(Duration.ofSeconds(100));
    assertThat(cluster.names(JOBS)).isEmpty();
    assertThat(cluster.list(PODS)).isEmpty();
  }

  @Test
  void aJobOfAnotherControllerIsLeftAlone() {
    run("managedBy: example.com/other");
    assertThat(cluster.list(PODS)).isEmpty();
    assertThat(status().isEmpty()).isTrue();
  }

  @Seeds(10)
  void whateverIsLostOrRestartedEachIndexIsDoneOnceAndCountedOnce(long seed) {
    restart(seed, new Faults(0.1, 0));
    AtomicLong most = new AtomicLong();
    Informer watched =
        cluster.observe(
            PODS,
            pods -> {
              long active =
                  pods.list().stream()
                      .filter(pod -> !Meta.of(pod).isBeingDeleted())
                      .filter(pod -> !pod.string("status", "phase").equals("Succeeded"))
                      .count();
              most.accumulateAndGet(active, Math::max);
            });
    cluster.world.settle();
    exit(0);
    submit("completionMode: Indexed\ncompletions: 30\nparallelism: 7");
    cluster.advance(Duration.ofSeconds(2));
    cluster.restartControllers();
    cluster.advance(Duration.ofSeconds(2));
    cluster.restartControllers();
    cluster.advance(Duration.ofMinutes(20));
    assertThat(conditions()).contains("Complete=True CompletionsReached");
    assertThat(status().string("completedIndexes")).isEqualTo("0-29");
    assertThat(status().integer("succeeded")).isEqualTo(30);
    assertThat(most.get()).isLessThanOrEqualTo(7);
    assertThat(tracked()).isZero();
    watched.close();
  }

  @Seeds(12)
  void whateverIsLostFailuresAndSuccessesAddUp(long seed) {
    restart(seed, new Faults(0.1, 0));
    AtomicLong made = new AtomicLong();
    cluster.kubelet.letExit(pod -> Math.floorMod(Meta.of(pod).uid().hashCode(), 3) == 0 ? 1 : 0);
    Set<String> uids = new HashSet<>();
    Informer watched =
        cluster.observe(
            PODS,
            pods ->
                pods.list().stream()
                    .filter(pod -> uids.add(Meta.of(pod).uid()))
                    .forEach(_ -> made.incrementAndGet()));
    cluster.world.settle();
    submit("completions: 20\nparallelism: 5\nbackoffLimit: 100");
    cluster.advance(Duration.ofSeconds(1));
    cluster.restartControllers();
    cluster.advance(Duration.ofMinutes(120));
    assertThat(conditions()).contains("Complete=True CompletionsReached");
    assertThat(status().integer("succeeded")).isEqualTo(20);
    assertThat(status().integer("succeeded") + status().integer("failed")).isEqualTo(made.get());
    watched.close();
  }

  @Seeds(6)
  void aJobIsDoneThoughAnswersAreLost(long seed) {
    restart(seed, new Faults(0.05, 0.1));
    exit(0);
    submit("completionMode: Indexed\ncompletions: 20\nparallelism: 5");
    cluster.advance(Duration.ofMinutes(30));
    assertThat(conditions()).contains("Complete=True CompletionsReached");
    assertThat(status().string("completedIndexes")).isEqualTo("0-19");
    assertThat(tracked()).isZero();
    cluster.delete(JOBS, "sum", DeleteOptions.withPropagation("Background"));
    cluster.advance(Duration.ofMinutes(10));
    assertThat(cluster.list(PODS)).isEmpty();
  }
}
