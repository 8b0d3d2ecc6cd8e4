/// Rules for what makes Pods, scales them and bounds how many may go.
package dev.tiphys.schema.validation.workload;
