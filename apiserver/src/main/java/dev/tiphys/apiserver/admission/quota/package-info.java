/// What a namespace may use at most: the plugin ResourceQuota, which charges what is written.
package dev.tiphys.apiserver.admission.quota;
