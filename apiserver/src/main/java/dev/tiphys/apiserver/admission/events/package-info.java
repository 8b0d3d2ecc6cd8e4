/// How many events there may be: the plugin EventRateLimit.
package dev.tiphys.apiserver.admission.events;
