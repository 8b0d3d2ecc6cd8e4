/// Advice about objects that manifests name, and that do not exist.
package dev.tiphys.apiserver.advice.references;
