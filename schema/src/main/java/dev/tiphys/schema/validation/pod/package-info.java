/// Rules for Pods and their containers.
package dev.tiphys.schema.validation.pod;
