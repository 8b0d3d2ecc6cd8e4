/// What is counted, under the names that dashboards of External Secrets look for.
package dev.tiphys.secrets.metrics;
