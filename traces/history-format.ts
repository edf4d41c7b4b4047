// How recorded histories say that they are some.

export const historyFormat = 'kafka-lockstep-history'
/** Readers refuse others. */
export const historyVersion = 1
