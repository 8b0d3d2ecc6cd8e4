package dev.tiphys.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HealthChecksTest {

  @Test
  void theLastResultAndAllOfThemAreTold() {
    HealthChecks checks = new HealthChecks();
    checks.ended("etcd", "readyz", true);
    checks.ended("etcd", "readyz", true);
    checks.ended("etcd", "readyz", false);
    Exposition out = new Exposition();
    checks.write(out);

    assertThat(out.toString())
        .contains(
            "# TYPE kubernetes_healthcheck gauge\nkubernetes_healthcheck{name=\"etcd\",type=\"readyz\"} 0\n",
            "kubernetes_healthchecks_total{name=\"etcd\",status=\"success\",type=\"readyz\"} 2\n",
            "kubernetes_healthchecks_total{name=\"etcd\",status=\"error\",type=\"readyz\"} 1\n");
  }
}
